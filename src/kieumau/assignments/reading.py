"""What people type: posts and findings, one a line."""

from kieumau.kernel.text import tidy


def lines(text: str) -> list[str]:
    """The lines that say something, tidy."""
    return [line for line in (tidy(one) for one in text.splitlines()) if line]


def pairs(text: str, mark: str) -> tuple[tuple[str, str], ...]:
    """Each line cut at the first mark; what stands after it may be empty."""
    cut = [line.partition(mark) for line in lines(text)]
    return tuple((before.strip(), after.strip()) for before, _, after in cut)
