"""What a re-check asks: the criterion in full, its period, its evidence; never what others found before."""

from typing import Any

from django.utils import timezone

from kieumau.rechecks.models import Recheck
from kieumau.rounds.access import READ, may
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.proof_page import proof_of
from kieumau.rounds.words import period_label


def asked(user: Any, one: Recheck) -> dict[str, Any]:
    """The criterion with what is needed, and the documents and figures beneath where the person may read the
    dossier. Five queries at most."""
    dossier, made = one.dossier, one.draw.round
    dossier.round = made
    vars(dossier)["last_day"] = None  # a re-check has no last day: nobody asks for the dossier's
    page = page_of(dossier, timezone.now())
    line = page.line(one.criterion.code)
    if line is None:
        return {}
    return {
        "line": line,
        "dossier": dossier,
        "period_label": period_label(made),
        "proof": proof_of(page, line, may_work=False),
        "may_read_dossier": may(user, READ, dossier),
    }
