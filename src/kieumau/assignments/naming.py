"""What an assignment comes from, in words: kept as one line, read in both languages."""

import re
from datetime import date

from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text

# The second form is that of assignments given before conclusions were called so.
_CONCLUSION = re.compile(
    r"(?P<visit>.*), (?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d{4})(?:, kết luận |: )(?P<number>\d+)",
    re.DOTALL,
)


def conclusion_named(purpose: str, day: date, number: int) -> str:
    """A conclusion of a visit, to be kept with what follows from it."""
    return f"{purpose}, {in_words(day).vi}, kết luận {number}"


def about_in_words(kept: str) -> Text:
    """What was kept, for a reader: the day and the number of a conclusion in his own manner."""
    found = _CONCLUSION.fullmatch(kept)
    if found is None:
        return Text(vi=kept, en=kept)
    try:
        day = in_words(date(int(found["year"]), int(found["month"]), int(found["day"])))
    except ValueError:
        return Text(vi=kept, en=kept)
    return Text(
        vi=f"{found['visit']}, {day.vi}, kết luận {found['number']}",
        en=f"{found['visit']}, {day.en}, conclusion {found['number']}",
    )
