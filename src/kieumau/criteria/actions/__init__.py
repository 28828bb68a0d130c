"""Everything that writes criteria sets: versions published, drafts written and issued."""

from kieumau.criteria.actions.draft import (
    AlreadyIssued,
    ChangedMeanwhile,
    copy_draft,
    copy_version,
    delete_draft,
    issue,
    make_draft,
    restore_draft,
    save_text,
)
from kieumau.criteria.actions.publish import Compared, NotAsCompared, load_set

__all__ = [
    "AlreadyIssued",
    "ChangedMeanwhile",
    "Compared",
    "NotAsCompared",
    "copy_draft",
    "copy_version",
    "delete_draft",
    "issue",
    "load_set",
    "make_draft",
    "restore_draft",
    "save_text",
]
