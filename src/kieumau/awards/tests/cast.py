"""A dossier in a round of a programme, on its way to a decision: made by the real actions."""

from datetime import date

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.awards.rules import Decision
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import conclude, say
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round
from kieumau.rounds.tests.test_life import verified

DECISION = Decision("12/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")


def verified_in_programme(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, verified in a round of a programme, before it is appraised."""
    programme = Programme.objects.create(
        code="model-ward",
        name_vi="Phường kiểu mẫu",
        name_en="Model wards",
        title_vi="Công an phường kiểu mẫu",
        title_en="Model ward police",
        legal_basis="Kế hoạch 01",
        first_year=2023,
        changed_at=NOW,
    )
    made = open_round(world)
    Round.objects.filter(pk=made.pk).update(programme=programme)
    found = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    verified(found, cast)
    return fresh(found)


def appraise(dossier: Dossier, cast: People, outcome: Outcome) -> Dossier:
    """The appraisers find every criterion so, and conclude."""
    said = Said(outcome, remark="Kiểm tra tại chỗ")
    for code in dossier.round.criteria_set.criteria.order_by("position").values_list("code", flat=True):
        say(
            dossier.pk,
            criterion=code,
            stage=Stage.APPRAISAL,
            said=said,
            seen=None,
            actor=cast.appraiser,
            now=NOW,
        )
    conclude(dossier.pk, actor=cast.appraiser, now=NOW)
    return fresh(dossier)


def fresh(dossier: Dossier) -> Dossier:
    """The dossier as it stands, with its round."""
    return Dossier.objects.select_related("round__programme", "round__period").get(pk=dossier.pk)
