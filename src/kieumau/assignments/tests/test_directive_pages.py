"""The pages of directives: one is put down, and given from its own page."""

from django.urls import reverse

from kieumau.assignments.models import Assignment, Directive, Visit
from kieumau.assignments.tests.conftest import DUE, Cast
from kieumau.assignments.tests.pages import page, post, signed_in, text_of


def test_a_directive_is_given_from_its_page(sources: tuple[Visit, Directive], cast: Cast) -> None:
    _, found = sources
    address = reverse("assignment_new") + f"?chi-dao={found.pk}"
    client = signed_in(cast.office)
    assert "Các đơn vị rà soát trụ sở" in text_of(client.get(address))
    typed = {"text": "Rà soát", "due_on": DUE, "giver": cast.units["Cần Thơ"], "owners": "An Bình"}
    assert client.post(address, typed).status_code == 302
    assert Assignment.objects.get().directive == found
    assert "Rà soát" in text_of(page(cast.officer, "directive", found.pk))
    sent = {
        "source": "document",
        "issuer": cast.units["Cần Thơ"],
        "issued_on": "2026-11-20",
        "title": "Kế hoạch 12",
        "text": "Làm ngay",
    }
    assert post(cast.office, "directive_new", **sent).status_code == 422
    assert post(cast.office, "directive_new", **sent, reference="12/KH").status_code == 302
