"""From the page of a unit one reaches what is kept of it, as far as one may read it."""

from django.test import Client

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.home.tests.pages import PagesOfTheCast

# Who, with a role of which unit, looks at An Bình: documents, returns.
OFFERED = [
    ("", "", False, True),
    ("officer", "An Bình", True, True),
    ("officer", "Sài Gòn", False, True),
    ("verifier", "Cần Thơ", True, True),
    ("auditor", "Việt Nam", True, True),
    ("administrator", "Việt Nam", False, True),
]


class KeptOfAUnit(PagesOfTheCast):
    """The first pages of people with roles, where reading is open."""

    def test_what_is_offered_can_be_opened(self) -> None:
        unit_id = self.cast.unit("An Bình")
        for number, (role, place, documents, returns) in enumerate(OFFERED):
            client = Client()
            if role:
                person = User.objects.create_user(f"p{number}")
                grant(person, role, self.cast.unit(place))
                client.force_login(person)
            html = client.get(f"/don-vi/{unit_id}/").content.decode()
            for address, offered in (("van-ban", documents), ("bao-cao", returns)):
                link = f"/don-vi/{unit_id}/{address}/"
                assert (f'href="{link}"' in html) is offered, (role, place, address)
                if offered:
                    assert client.get(link).status_code == 200
