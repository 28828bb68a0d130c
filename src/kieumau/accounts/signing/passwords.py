"""How passwords are kept, and which are taken."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.utils.translation import gettext as _


class Argon2(Argon2PasswordHasher):
    """Argon2id with 64 MiB, three passes, four lanes: the second choice of RFC 9106, for small memory.

    Django's own 100 MiB a sign-in would leave a small server little room for four at once.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4


class LongEnough(MinimumLengthValidator):
    """A password has so many characters; says so in our words, which Django's Vietnamese ones miss."""

    def get_error_message(self) -> str:
        """What is wrong with a shorter one."""
        return _("This password is too short: it must have at least %(count)d characters.") % {
            "count": self.min_length
        }

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("At least %(count)d characters.") % {"count": self.min_length}


class Uncommon(CommonPasswordValidator):
    """A password is none of those that everybody tries first."""

    def get_error_message(self) -> str:
        """What is wrong with one of them."""
        return _("This password is one that many people use: choose another.")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("None that many people use.")
