"""What is done to the tree of units, for the log."""

from kieumau.audit.verbs import verb

RECORD_CHANGE = verb(
    "units.record_change",
    vi="{actor} đã ghi quyết định {object}",
    en="{actor} recorded act {object}",
)
UNDO_CHANGE = verb(
    "units.undo_change",
    vi="{actor} đã hoàn tác quyết định {object}",
    en="{actor} undid act {object}",
)
LOAD = verb(
    "units.load",
    vi="{actor} đã nạp danh mục đơn vị {object}",
    en="{actor} loaded units {object}",
)
