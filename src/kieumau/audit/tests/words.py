"""Verbs of the tests."""

from kieumau.audit.verbs import verb

ISSUED = verb("test.issue", vi="{actor} đã ban hành {object}", en="{actor} issued {object}")
LEFT = verb("test.leave", vi="{actor} đã rời đi", en="{actor} left")
