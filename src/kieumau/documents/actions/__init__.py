"""What is done to documents: put on a shelf, changed, given files, sealed, read."""

from kieumau.documents.actions.contents import stored_or_nothing
from kieumau.documents.actions.describe import (
    ChangedMeanwhile,
    Sealed,
    Used,
    add_document,
    change_document,
    delete_document,
)
from kieumau.documents.actions.file import AlreadyThere, add_file, add_with_files, remove_file
from kieumau.documents.actions.reading import About, record_glimpse, record_reading
from kieumau.documents.actions.sealing import seal

__all__ = [
    "About",
    "AlreadyThere",
    "ChangedMeanwhile",
    "Sealed",
    "Used",
    "add_document",
    "add_file",
    "add_with_files",
    "change_document",
    "delete_document",
    "record_glimpse",
    "record_reading",
    "remove_file",
    "seal",
    "stored_or_nothing",
]
