"""Why somebody can or cannot do something somewhere, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from kieumau.accounts.held import Held, allowing, held, places, today
from kieumau.accounts.models import Grant, User
from kieumau.accounts.people import grants_listed
from kieumau.accounts.registry import programme_name
from kieumau.accounts.roles import permissions, roles, with_permission
from kieumau.accounts.scopes import holders
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.units.models import Term
from kieumau.units.over import Over

GRANT = "accounts.grant"
MOST_GIVERS = 8


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who may give what is missing: who, by which role over which unit."""

    name: str
    role: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """May the person do it, why (not), and, where not, what is missing and who may give it."""

    is_allowed: bool
    because: tuple[Text, ...]
    missing: Text | None = None
    givers: tuple[Giver, ...] = ()


def explain(person: User, permission: str, unit: Term, programme: str = "") -> Answer:
    """Why the person can or cannot do that over the unit. A handful of queries; raises KeyError for a
    permission there is not."""
    what = permissions()[permission]
    if not person.is_active:
        return Answer(False, (Text(vi="Tài khoản này đã khóa.", en="This account is closed."),))
    if person.is_superuser:
        return Answer(
            True, (Text(vi="Quản trị viên hệ thống làm được mọi việc.", en="An operator may do all."),)
        )
    over = Over(unit.unit_id, programme)
    if found := allowing(person, permission, over):
        return Answer(True, tuple(_allows(one, what) for one in found))
    because = [*_near(person, permission, over), *_past(person, permission, unit)]
    if not because:
        because = [Text(vi="Chưa có vai trò nào còn hiệu lực.", en="No role is held at present.")]
    names = [role.name.text() for code, role in roles().items() if code in with_permission(permission)]
    missing = Text(
        vi=f"Cần một trong các vai trò: {_either(names, 'vi')}; tại {unit.full_name()} hoặc cấp trên, "
        "với vai trò tính cho cả cấp dưới.",
        en=f"One of these roles is needed: {_either(names, 'en')}; over {unit.full_name('en')}, or over a "
        "unit above where the role counts below.",
    )
    return Answer(False, tuple(because), missing, _givers(person, permission, unit, programme))


def _either(names: Iterable[Text], language: str) -> str:
    return ", ".join(name.in_(language) for name in names)


def _allows(one: Held, what: Text) -> Text:
    role, unit = roles()[one.role].name.text(), _unit(one.unit_id)
    until, by = _until(one.ends_before), _named(one)
    return Text(
        vi=f"Vai trò {role.vi} tại {unit.vi}{by.vi} cho phép {what.vi}{until.vi}.",
        en=f"The role {role.en} over {unit.en}{by.en} lets one {what.en}{until.en}.",
    )


def _named(one: Held) -> Text:
    if not one.programme:
        return Text(vi="", en="")
    name = programme_name(one.programme)
    return Text(vi=f", chương trình “{name.vi}”,", en=f", programme “{name.en}”,")


def _until(ends_before: date | None) -> Text:
    if ends_before is None:
        return Text(vi="", en="")
    last = ends_before - timedelta(days=1)
    return Text(vi=f" đến hết ngày {last:%d/%m/%Y}", en=f" until {in_words(last).en}")


def _near(person: User, permission: str, over: Over) -> list[Text]:
    """What the person holds, and why none of it is enough."""
    paths = places(person, over.unit_id) if over.unit_id else ()
    found = []
    for one in held(person):
        if one.role not in roles() or (but := _but(one, permission, over.programme, paths)) is None:
            continue
        role, unit = roles()[one.role].name.text(), _unit(one.unit_id)
        vi = f"Có vai trò {role.vi} tại {unit.vi}, nhưng {but.vi}"
        found.append(Text(vi=vi, en=f"Holds the role {role.en} over {unit.en}, but {but.en}"))
    return found


def _but(one: Held, permission: str, programme: str, paths: tuple[str, ...]) -> Text | None:
    if permission not in roles()[one.role].may:
        return Text(vi="vai trò ấy không cho phép việc này.", en="that role does not allow this.")
    if not one.path:
        return Text(vi="đơn vị ấy không còn.", en="that unit is no more.")
    if not one.reaches(paths):
        if any(path.startswith(one.path) for path in paths):
            return Text(vi="vai trò ấy không tính cho đơn vị cấp dưới.", en="that role does not count below.")
        return Text(vi="đơn vị này không thuộc đơn vị ấy.", en="this unit is not part of that one.")
    if not one.is_in(programme, permission):
        name = programme_name(one.programme)
        return Text(vi=f"chỉ trong chương trình “{name.vi}”.", en=f"in programme “{name.en}” only.")
    return None


def _past(person: User, permission: str, unit: Term) -> list[Text]:
    """What would have been enough and is over, or has not begun."""
    asked = grants_listed(today(), is_everything=True).filter(user=person)
    found = []
    for one in asked.filter(role__in=with_permission(permission)):
        is_here = unit.path.startswith(one.path) if roles()[one.role].down else unit.path == one.path
        if one.path and is_here and (when := _when(one)):
            role = roles()[one.role].name.text()
            vi = f"Vai trò {role.vi} tại {one.unit_name} {when.vi}"
            found.append(Text(vi=vi, en=f"The role {role.en} over {one.unit_name} {when.en}"))
    return found


def _when(one: Grant) -> Text | None:
    if one.ended_at is not None:
        day, why = timezone.localdate(one.ended_at), one.end_reason
        return Text(
            vi=f"đã kết thúc ngày {day:%d/%m/%Y}: {why}", en=f"was ended on {in_words(day).en}: {why}"
        )
    if one.ends_before is not None and one.ends_before <= today():
        last = one.ends_before - timedelta(days=1)
        return Text(vi=f"đã hết hạn ngày {last:%d/%m/%Y}.", en=f"ran out on {in_words(last).en}.")
    if (day := one.starts_on) > today():
        return Text(vi=f"bắt đầu từ ngày {day:%d/%m/%Y}.", en=f"begins on {in_words(day).en}.")
    return None


def _givers(person: User, permission: str, unit: Term, programme: str) -> tuple[Giver, ...]:
    """People who may give the person a role that would be enough, those nearest to the unit first.

    Never the person: nobody gives himself a role.
    """
    wanted = with_permission(permission)
    giving = [code for code, role in roles().items() if wanted & set(role.gives)]
    people = holders(GRANT, unit.unit_id, programme)
    rows = grants_listed(today()).filter(user_id__in=people, role__in=giving).exclude(user=person)
    reaching = [one for one in rows if one.path and unit.path.startswith(one.path)]
    nearest = sorted(reaching, key=lambda one: (-len(one.path), one.user.get_username()))
    return tuple(
        Giver(one.user.get_username(), roles()[one.role].name.text(), one.unit_name)
        for one in nearest[:MOST_GIVERS]
    )


def _unit(unit_id: int) -> Text:
    last = Term.objects.filter(unit_id=unit_id).select_related("kind").order_by("-valid").first()
    if last is None:
        return Text(vi=str(unit_id), en=str(unit_id))
    return Text(vi=last.full_name(), en=last.full_name("en"))
