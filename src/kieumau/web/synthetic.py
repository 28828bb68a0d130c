"""Whether made-up figures may be on the page: then it says so.

Packages that hold figures register a question; one yes is enough. Nothing registered means no. A view
tells which trees of units its page is about, so that real figures beside made-up ones are not called so.
"""

from collections.abc import Callable, Collection

from django.http import HttpRequest

Question = Callable[[Collection[int]], bool]
_questions: list[Question] = []
_ABOUT, _ANSWERED = "kieumau.about", "kieumau.synthetic"


def ask(question: Question) -> None:
    """Registers a question that is asked once per page, with the ids of the roots that the page is about.

    No ids: it may be about anything. The asked package keeps it cheap.
    """
    if question not in _questions:
        _questions.append(question)


def page_is_about(request: HttpRequest, root_ids: Collection[int]) -> None:
    """Said by a view whose page shows units of these trees only."""
    request.META[_ABOUT] = frozenset(root_ids)


def answered(request: HttpRequest, *, is_present: bool) -> None:
    """Said by a view that has asked already, along with something else: the frame asks no more."""
    request.META[_ANSWERED] = is_present


def is_present(request: HttpRequest) -> bool:
    """True when any package says that it holds synthetic figures of what the page is about."""
    known: bool | None = request.META.get(_ANSWERED)
    if known is not None:
        return known
    about: frozenset[int] = request.META.get(_ABOUT, frozenset())
    return any(question(about) for question in _questions)
