"""Where files lie, under the SHA-256 of their content: a folder, or an S3-compatible store by setting.

Plain Python. A file is stored whole or not at all, once, and never overwritten: its name is its content.
"""

from kieumau.documents.stores.contract import Checked, Damaged, Missing, Store, StoreFails
from kieumau.documents.stores.folder import FolderStore
from kieumau.documents.stores.s3 import S3Store

__all__ = ["Checked", "Damaged", "FolderStore", "Missing", "S3Store", "Store", "StoreFails"]
