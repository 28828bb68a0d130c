"""What is done in spot checks, for the log."""

from kieumau.audit.verbs import verb

DRAW = verb(
    "rechecks.draw",
    vi="{actor} đã rút mẫu kiểm tra xác suất {object}",
    en="{actor} drew a sample for {object}",
)
CHECK = verb("rechecks.check", vi="{actor} đã kiểm tra xác suất {object}", en="{actor} re-checked {object}")
BOUND_LATE = verb(
    "rechecks.bound_late",
    vi="{actor} đã ghi muộn cam kết rút mẫu của đợt {object} (đợt có trước khi có cam kết)",
    en="{actor} put down late what draws of {object} are bound to: the round is older than such commitments",
)
