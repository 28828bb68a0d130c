"""What is done about checks over the whole store, for the log."""

from kieumau.audit.verbs import verb

SWEEP = verb("quality.sweep", vi="{actor} đã rà soát số liệu", en="{actor} ran the checks over all figures")
