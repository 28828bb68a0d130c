"""What titles leave word of: who holds them, a decision to record on a dossier, the title it led to and what
became of that."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kieumau.audit.registry import object_names
from kieumau.awards.access import may_recognize
from kieumau.awards.changes import changes_of
from kieumau.awards.models import Title, Withdrawal
from kieumau.awards.queries import holders_of, names_of_titles
from kieumau.calendars.working_days import day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.programmes.listening import titles_held
from kieumau.rounds.models import Dossier
from kieumau.rounds.offers import offer, tell
from kieumau.rounds.rules import State


def listen() -> None:
    """Tell programmes who holds their titles; offer the way from a dossier to its decision and title; tell
    there that it was withdrawn, or put right."""
    titles_held.append(holders_of)
    offer(_on_dossier)
    tell(_since)
    object_names["title"] = names_of_titles


def _on_dossier(user: Any, dossier: Dossier) -> Iterator[tuple[str, str]]:
    has_title = dossier.round.programme is not None
    if has_title and dossier.state == State.CONCLUDED and may_recognize(user, dossier):
        yield gettext("Record the decision"), reverse("dossier_decision", args=[dossier.pk])
    if dossier.state == State.DECIDED:
        title = Title.objects.filter(dossier=dossier).values_list("pk", flat=True).first()
        if title is not None:
            yield gettext("The title that it led to"), reverse("title", args=[title])


def _since(dossier: Dossier) -> Iterator[tuple[Text, Text, str]]:
    """What became of the title of a dossier: withdrawn, its decision put right. Two queries, once decided."""
    if dossier.state != State.DECIDED:
        return
    rows = Title.objects.filter(dossier=dossier).select_related("withdrawal")
    for title in rows.prefetch_related("corrections"):
        address = reverse("title", args=[title.pk])
        if hasattr(title, "withdrawal"):
            yield (
                Text(vi="Danh hiệu đã bị thu hồi", en="The title was withdrawn"),
                _withdrawn(title.withdrawal),
                address,
            )
        for one in title.corrections.all():
            said, day = changes_of(one), in_words(day_of(one.recorded_at))
            yield (
                Text(vi="Danh hiệu đã được đính chính", en="The title was put right"),
                Text(
                    vi=f"{day.vi}: {', '.join(part.said.vi for part in said)}, vì: {one.reason}",
                    en=f"{day.en}: {', '.join(part.said.en for part in said)}, because: {one.reason}",
                ),
                address,
            )


def _withdrawn(made: Withdrawal) -> Text:
    day = in_words(made.withdrawn_on)
    return Text(
        vi=f"{made.reference} ngày {day.vi}, {made.issuer}: {made.reason}",
        en=f"{made.reference} of {day.en}, {made.issuer}: {made.reason}",
    )
