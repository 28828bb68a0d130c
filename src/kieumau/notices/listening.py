"""What notices leave word of: the inbox, for the header of every page."""

from django.utils.translation import gettext_lazy

from kieumau.accounts import acting
from kieumau.notices.queries import COUNT, UNREAD, unread
from kieumau.web import navigation


def listen() -> None:
    """The inbox stands beside the name of whoever has signed in, its count asked along with him."""
    acting.beside[UNREAD] = COUNT
    navigation.add_own("notices", gettext_lazy("Notices"), unread)
