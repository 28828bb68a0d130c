"""`kieumau nightly`: what an installation does every night, for the timer of the system."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from kieumau.accounts.signing.closing import forget
from kieumau.assignments.actions import remind as remind_of_assignments
from kieumau.awards.reminding import remind as remind_of_titles
from kieumau.cli.say import Json, Lang, as_json, show_problems, tell
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.notices.actions import prune
from kieumau.quality.actions import sweep
from kieumau.returns.actions import open_periods, remind
from kieumau.rounds.reminding import remind as remind_of_dossiers

ACTOR = "kieumau nightly"
log = logging.getLogger(__name__)


def _people_forgotten(now: datetime) -> int:
    gone = forget(now=now, actor=ACTOR)
    return gone.addresses + gone.sessions


# Each by itself: what fails in one keeps no other from being done. What it is for, what it gives.
PARTS: tuple[tuple[str, Text, Callable[[datetime], Any]], ...] = (
    (
        "returns",
        Text(vi="mở kỳ báo cáo", en="open returns"),
        lambda now: open_periods(actor=ACTOR, now=now, since=None).returns,
    ),
    (
        "reminders",
        Text(vi="nhắc báo cáo", en="remind of returns"),
        lambda now: len(remind(on=timezone.localdate(now), now=now, days_ahead=1)),
    ),
    (
        "reminders",
        Text(vi="nhắc việc được giao", en="remind of assignments"),
        lambda now: remind_of_assignments(actor=ACTOR, now=now),
    ),
    (
        "reminders",
        Text(vi="nhắc hồ sơ", en="remind of dossiers"),
        lambda now: remind_of_dossiers(now=now),
    ),
    (
        "reminders",
        Text(vi="nhắc công nhận lại danh hiệu", en="remind of titles that run out"),
        lambda now: remind_of_titles(now=now),
    ),
    ("forgotten", Text(vi="xóa dữ liệu hết hạn về người", en="forget people"), _people_forgotten),
    ("forgotten", Text(vi="xóa thông báo cũ", en="forget notices"), lambda now: prune(now=now)),
    ("counts", Text(vi="rà soát", en="check"), lambda now: sweep(actor=ACTOR, now=now).counts),
)


def nightly(json_: Json = False, lang: Lang = "") -> None:
    """Mở kỳ, nhắc hạn, xóa dữ liệu hết hạn, rà soát · Open, remind, forget, check. Run it every night."""
    now = timezone.now()
    done: dict[str, Any] = {"returns": 0, "reminders": 0, "forgotten": 0, "counts": {}}
    problems: list[Problem] = []
    for name, what, do in PARTS:
        try:
            made = do(now)
        except Exception as error:  # noqa: BLE001 (told at the end, once the others have had their turn)
            problems += _problems(what, error)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        else:
            done[name] = made if isinstance(made, dict) else done[name] + made
    if json_:
        as_json(done | ({"problems": [one.as_dict() for one in problems]} if problems else {}))
    else:
        places = sum(done["counts"].values())
        tell(
            f"Mở {done['returns']} báo cáo, ghi {done['reminders']} lời nhắc, rà soát thấy {places} chỗ.",
            f"Opened {done['returns']} returns, wrote {done['reminders']} reminders, found {places} places.",
            lang,
        )
        show_problems(problems, lang)
    if problems:
        raise SystemExit(1)


def _problems(what: Text, error: Exception) -> list[Problem]:
    """What kept a part from being done; the whole story of what nobody foresaw goes to the log."""
    if isinstance(error, Refused):
        return list(error.problems)
    log.error("nightly: %s", what.en, exc_info=error)
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    reason = Text(vi=f"Việc đêm “{what.vi}” không xong: {said}", en=f"Nightly “{what.en}” failed: {said}")
    return [Problem("nightly-failed", reason)]
