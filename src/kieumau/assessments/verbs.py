"""What judging does, for the log: a run over many units is one entry."""

from kieumau.audit.verbs import verb

ASSESS_ALL = verb(
    "assessments.assess_all",
    vi="{actor} đã cho xét bộ tiêu chí {object}",
    en="{actor} had units judged by criteria set {object}",
)
ASSESS_UNIT = verb(
    "assessments.assess_unit",
    vi="{actor} đã cho xét một đơn vị theo bộ tiêu chí {object}",
    en="{actor} had one unit judged by criteria set {object}",
)
