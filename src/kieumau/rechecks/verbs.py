"""What is done in spot checks, for the log."""

from kieumau.audit.verbs import verb

DRAW = verb(
    "rechecks.draw",
    vi="{actor} đã rút mẫu kiểm tra xác suất {object}",
    en="{actor} drew a sample for {object}",
)
CHECK = verb("rechecks.check", vi="{actor} đã kiểm tra xác suất {object}", en="{actor} re-checked {object}")
