"""Taking in a file that somebody sent, whom nobody trusts: looked at, refused in words or made harmless.

Plain Python without Django and without a database: `take_in` is the only way from a file that came to one
that may be stored. Whatever cannot be looked at is refused (fail closed), and nothing of it stays.
"""

from kieumau.documents.intake.kinds import BY_CODE, KINDS, FileKind
from kieumau.documents.intake.limits import Limits
from kieumau.documents.intake.names import clean_name
from kieumau.documents.intake.taking import Taken, take_in

__all__ = ["BY_CODE", "KINDS", "FileKind", "Limits", "Taken", "clean_name", "take_in"]
