"""What is done to documents: put on a shelf, changed, given files, sealed, read."""

from kieumau.documents.actions.describe import (
    ChangedMeanwhile,
    Sealed,
    add_document,
    change_document,
    delete_document,
    record_reading,
    seal,
)
from kieumau.documents.actions.file import AlreadyThere, add_file, add_with_files, remove_file

__all__ = [
    "AlreadyThere",
    "ChangedMeanwhile",
    "Sealed",
    "add_document",
    "add_file",
    "add_with_files",
    "change_document",
    "delete_document",
    "record_reading",
    "remove_file",
    "seal",
]
