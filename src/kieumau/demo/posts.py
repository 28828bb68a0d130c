"""The accounts of the demo: posts, not persons. They sign in with the one password of the demo."""

from dataclasses import dataclass
from datetime import datetime

from kieumau.accounts.actions import add_user
from kieumau.accounts.granting import Wanted, end_role, give_role
from kieumau.accounts.models import Grant, User
from kieumau.kernel.messages import Text

ACTOR = "kieumau demo"


@dataclass(frozen=True, slots=True)
class Post:
    """An account: its name, and whose it is."""

    name: str
    says: Text


OFFICER = Post("an-hung.can-bo", Text(vi="cán bộ Công an phường An Hưng", en="officer of An Hưng ward"))
APPROVER = Post("an-hung.lanh-dao", Text(vi="lãnh đạo duyệt của An Hưng", en="approver of An Hưng"))
TEAMS = (
    Post("thanh-hoa.to-1", Text(vi="Tổ 1: phong trào", en="team 1: movement")),
    Post("thanh-hoa.to-2", Text(vi="Tổ 2: quản lý nhà nước", en="team 2: state management")),
    Post("thanh-hoa.to-3", Text(vi="Tổ 3: phòng, chống tội phạm", en="team 3: prevention of crime")),
    Post("thanh-hoa.to-4", Text(vi="Tổ 4: cải cách hành chính", en="team 4: administrative reform")),
)
PROVINCE = Post(
    "thanh-hoa.van-phong", Text(vi="cơ quan thường trực tỉnh Thanh Hóa", en="programme office of Thanh Hóa")
)
APPRAISER = Post("bo.phuc-tra", Text(vi="đoàn phúc tra của Bộ", en="appraiser of the ministry"))
MINISTRY = Post("bo.van-phong", Text(vi="cơ quan thường trực của Bộ", en="programme office of the ministry"))
STORY = (OFFICER, APPROVER, *TEAMS, PROVINCE, APPRAISER, MINISTRY)

UNITS = "cong-an-xa"  # for units without accounts of their own; nobody signs in with it

WARD_OFFICER = Post("cai-khe.can-bo", Text(vi="cán bộ phường Cái Khế", en="officer of Cái Khế ward"))
WARD_APPROVER = Post("cai-khe.lanh-dao", Text(vi="lãnh đạo duyệt của Cái Khế", en="approver of Cái Khế"))
VERIFIER = Post("can-tho.tham-dinh", Text(vi="người thẩm định của Cần Thơ", en="verifier of Cần Thơ"))
CITY_APPRAISER = Post("can-tho.phuc-tra", Text(vi="người phúc tra của Cần Thơ", en="appraiser of Cần Thơ"))
CITY = (WARD_OFFICER, WARD_APPROVER, VERIFIER, CITY_APPRAISER)


def account(name: str, now: datetime) -> User:
    """The account of that name, made where there is none; it has no password yet."""
    found = User.objects.filter(username=name).first()
    return found or add_user(name=name, password=None, actor=ACTOR, now=now)


def hold(post: Post, role: str, unit_id: int, now: datetime, programme: str = "") -> User:
    """The account holds the role over the unit from now on; what was given once is not given again."""
    user = account(post.name, now)
    wanted = Wanted(role, unit_id, programme)
    if not Grant.objects.filter(user=user, role=role, unit=unit_id, programme=programme).exists():
        give_role(user=user, wanted=wanted, actor=ACTOR, now=now)
    return user


def give_up(post: Post, unit_id: int, reason: str, now: datetime) -> None:
    """The account holds no role over the unit any more."""
    held = Grant.objects.filter(user__username=post.name, unit=unit_id, ended_at=None)
    for grant_id in list(held.values_list("pk", flat=True)):
        end_role(grant_id=grant_id, reason=reason, actor=ACTOR, now=now)


def share_password(owner: str) -> list[Post]:
    """Every account of the demo gets the password of `owner`; those that are there, in order."""
    names = [post.name for post in (*STORY, *CITY)]
    hashed = User.objects.values_list("password", flat=True).get(username=owner)
    User.objects.filter(username__in=names).exclude(password=hashed).update(password=hashed)
    there = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    return [post for post in (*STORY, *CITY) if post.name in there]
