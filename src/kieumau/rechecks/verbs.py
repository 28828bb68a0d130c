"""What is done in spot checks, for the log."""

from kieumau.audit.verbs import verb

DRAW = verb(
    "rechecks.draw", vi="{actor} đã rút mẫu phúc tra {object}", en="{actor} drew a sample for {object}"
)
CHECK = verb("rechecks.check", vi="{actor} đã phúc tra {object}", en="{actor} re-checked {object}")
