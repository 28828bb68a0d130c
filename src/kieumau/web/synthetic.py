"""Whether made-up figures may be on the page: then every page says so.

Packages that hold figures register a question; one yes is enough. Nothing registered means no.
"""

from collections.abc import Callable

_questions: list[Callable[[], bool]] = []


def ask(question: Callable[[], bool]) -> None:
    """Registers a question that is asked once per page; the asked package keeps it cheap."""
    if question not in _questions:
        _questions.append(question)


def is_present() -> bool:
    """True when any package says that it holds synthetic figures."""
    return any(question() for question in _questions)
