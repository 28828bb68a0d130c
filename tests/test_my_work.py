"""“My work”: what waits now for each role, of every package, nearest last day first."""

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from tests.doors_open import OpenDoors

MOST = 12
# Who sees which piles; the first line of each leads somewhere that he may open.
SEEN = {
    "nobody": set(),
    "officer": {"Báo cáo cần nhập", "Hồ sơ cần tự đánh giá", "Nhiệm vụ phải làm", "Thông báo chưa đọc"},
    "approver": {"Nhiệm vụ phải làm", "Thông báo chưa đọc"},  # nothing is answered, so nothing to submit
    "verifier": {"Mục chờ kiểm tra xác suất", "Thông báo chưa đọc"},
    "appraiser": {"Mục chờ kiểm tra xác suất"},
    "office": {"Đợt đang theo dõi", "Đợt cần mở", "Thông báo chưa đọc"},
    "auditor": set(),
    "admin": set(),
}


class MyWork(OpenDoors):
    """The ward of the doors, with something of everything."""

    def client_of(self, user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client

    def test_each_role_finds_its_own_work_and_may_open_it(self) -> None:
        found: dict[str, set[str]] = {}
        for name in SEEN:
            client = self.client_of(self.people[name])
            page = client.get(reverse("my_work"))
            piles = {str(pile.title): [line for line, _ in lines] for pile, lines in page.context["piles"]}
            found[name] = set(piles)
            for title, lines in piles.items():
                for line in lines[:1]:
                    assert client.get(line.address).status_code == 200, (name, title)
        assert found == SEEN

    def test_whoever_holds_no_role_is_told_whom_to_ask(self) -> None:
        html = self.client_of(self.people["nobody"]).get(reverse("my_work")).content.decode()
        assert "hãy đề nghị người quản trị giao vai trò" in html
        assert f'href="{reverse("why")}"' in html
        waiting_for_nothing = self.client_of(self.people["auditor"]).get(reverse("my_work")).content.decode()
        assert "Hiện không có việc nào chờ bạn" in waiting_for_nothing

    def test_it_takes_few_queries_for_everybody(self) -> None:
        people = {**self.people, "superuser": User.objects.create_superuser("chu")}
        taken = {}
        for name, user in people.items():
            client = self.client_of(user)
            client.get(reverse("my_work"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("my_work"))
            taken[name] = len(queries)
        assert max(taken.values()) <= MOST, taken

    def test_signing_in_leads_there(self) -> None:
        User.objects.create_user("moi", password="một mật khẩu dài")
        answer = Client().post(reverse("login"), {"username": "moi", "password": "một mật khẩu dài"})
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("my_work"))
