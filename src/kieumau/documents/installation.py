"""The store, the limits and the scanner of this installation, as its settings say."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kieumau.documents.intake import Limits
from kieumau.documents.intake.limits import MEGABYTE
from kieumau.documents.stores import FolderStore, S3Store, Store

_S3 = "s3"


def store() -> Store:
    """`KIEUMAU_FILES`: a folder, or `s3://bucket/prefix` with all of `KIEUMAU_S3_…`."""
    where = str(settings.KIEUMAU_FILES)
    if not where.startswith(f"{_S3}://"):
        return FolderStore(Path(where))
    address = urlsplit(where)
    missing = [name for name, value in settings.KIEUMAU_S3.items() if not value]
    if missing or not address.netloc:
        raise ImproperlyConfigured(f"KIEUMAU_FILES={where} also needs: {', '.join(missing) or 'a bucket'}.")
    return S3Store(
        **settings.KIEUMAU_S3,
        bucket=address.netloc,
        prefix=address.path.strip("/"),
        incoming=Path(settings.KIEUMAU_INCOMING),
    )


def limits() -> Limits:
    """The usual limits, with `KIEUMAU_FILE_MB` megabytes a file."""
    return Limits(file_bytes=settings.KIEUMAU_FILE_MB * MEGABYTE)


def scanner() -> str:
    """`KIEUMAU_CLAMD`, the address of a virus scanner; empty where there is none."""
    return str(settings.KIEUMAU_CLAMD)
