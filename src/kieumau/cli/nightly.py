"""`kieumau nightly`: what an installation does every night, for the timer of the system."""

from django.utils import timezone

from kieumau.accounts.signing.closing import forget
from kieumau.assignments.actions import remind as remind_of_assignments
from kieumau.cli.say import Json, Lang, as_json, refusals, tell
from kieumau.notices.actions import prune
from kieumau.quality.actions import sweep
from kieumau.returns.actions import open_periods, remind
from kieumau.rounds.reminding import remind as remind_of_dossiers

ACTOR = "kieumau nightly"


def nightly(json_: Json = False, lang: Lang = "") -> None:
    """Mở kỳ, nhắc hạn, xóa dữ liệu hết hạn, rà soát · Open, remind, forget, check. Run it every night."""
    now = timezone.now()
    with refusals(lang, json_):
        opened = open_periods(actor=ACTOR, now=now, since=None)
        reminded = remind(on=timezone.localdate(now), now=now, days_ahead=1)
        told = len(reminded) + remind_of_assignments(actor=ACTOR, now=now) + remind_of_dossiers(now=now)
        people = forget(now=now)
        forgotten = prune(now=now) + people.addresses + people.sessions
        made = sweep(actor=ACTOR, now=now)
    places = sum(made.counts.values())
    if json_:
        as_json(
            {
                "returns": opened.returns,
                "reminders": told,
                "forgotten": forgotten,
                "counts": made.counts,
            }
        )
        return
    tell(
        f"Mở {opened.returns} báo cáo, ghi {told} lời nhắc, rà soát thấy {places} chỗ.",
        f"Opened {opened.returns} returns, wrote {told} reminders, found {places} places.",
        lang,
    )
