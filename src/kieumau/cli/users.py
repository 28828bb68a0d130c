"""`kieumau users …`: who may sign in, and what each may do."""

from datetime import date
from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.transaction import atomic
from django.utils import timezone
from rich.table import Table

from kieumau.accounts.actions import add_user
from kieumau.accounts.granting import Wanted, end_role, give_role
from kieumau.accounts.held import today
from kieumau.accounts.models import Grant, User
from kieumau.accounts.people import grants_listed
from kieumau.accounts.roles import roles
from kieumau.accounts.signing.closing import close_account
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.queries import term, terms

ACTOR = "kieumau users"
OFFICE = "programme_office"

app = typer.Typer(no_args_is_help=True, help="Người dùng và quyền · Users and roles")
Name = Annotated[str, typer.Argument(help="Tên đăng nhập · user name")]
Until = Annotated[str, typer.Option("--until", help="Ngày cuối, YYYY-MM-DD · last day")]
Why = Annotated[str, typer.Option("--reason", help="Lý do · why")]


@app.command("add")
def add(
    name: Name,
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Mật khẩu · password"),
    ],
    office: Annotated[
        bool,
        typer.Option("--office", help="Cơ quan thường trực cả nước · programme office of the whole country"),
    ] = False,
    lang: Lang = "",
) -> None:
    """Thêm người dùng · Add somebody who may sign in; what he may do comes with `grant`."""
    with refusals(lang), atomic():
        if User.objects.filter(username=name).exists():
            reason = Text(vi=f"Đã có người dùng “{name}”.", en=f"There is a user “{name}” already.")
            raise Refused([Problem("repeated-user", reason)])
        try:
            validate_password(password)
        except ValidationError as error:
            raise Refused([_weak(error)]) from error
        user = add_user(name=name, password=password, actor=ACTOR)
        for unit_id in _countries() if office else ():
            give_role(user=user, wanted=Wanted(OFFICE, unit_id), actor=ACTOR, now=timezone.now())
    tell(f"Đã thêm người dùng “{name}”.", f"User “{name}” added.", lang)


@app.command("grant")
def give(
    name: Name,
    role: Annotated[str, typer.Argument(help="Vai trò, xem roles · role, see `users roles`")],
    unit: Annotated[str, typer.Argument(help="Mã đơn vị · code of the unit, also register:code")],
    programme: Annotated[str, typer.Option(help="Chỉ trong chương trình này · in this programme only")] = "",
    until: Until = "",
    reason: Why = "",
    lang: Lang = "",
) -> None:
    """Cấp một vai trò tại một đơn vị · Give somebody a role over a unit."""
    with refusals(lang):
        place = term(unit, today())
        wanted = Wanted(role, place.unit_id, programme, ends_before=_day_after(until))
        given = give_role(user=_user(name), wanted=wanted, actor=ACTOR, now=timezone.now(), reason=reason)
    where = place.full_name(language(lang))
    title = roles()[role].name.text().in_(language(lang))
    tell(f"{name}: {title}, {where} (số {given.pk}).", f"{name}: {title}, {where} (number {given.pk}).", lang)


@app.command("end")
def end(
    number: Annotated[int, typer.Argument(help="Số của quyền, xem list · number, see `users list`")],
    reason: Annotated[str, typer.Option("--reason", prompt="Lý do · why", help="Lý do · why")],
    lang: Lang = "",
) -> None:
    """Kết thúc một quyền · End what somebody was given; it stays on record."""
    with refusals(lang):
        ended = end_role(grant_id=number, reason=reason, actor=ACTOR, now=timezone.now())
    name = ended.user.get_username()
    tell(f"Đã kết thúc quyền {number} của {name}.", f"Role {number} of {name} has ended.", lang)


@app.command("close")
def close(
    name: Name,
    reason: Annotated[str, typer.Option("--reason", prompt="Lý do · why", help="Lý do · why")],
    lang: Lang = "",
) -> None:
    """Đóng hẳn một tài khoản · Close an account for good: roles, sessions and second factors end."""
    with refusals(lang):
        close_account(person=_user(name), reason=reason, actor=ACTOR, now=timezone.now())
    tell(f"Đã đóng tài khoản “{name}”.", f"The account “{name}” is closed.", lang)


@app.command("list")
def listed(
    unit: Annotated[str, typer.Option(help="Chỉ tại và dưới đơn vị này · at and below this unit only")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Cả quyền đã kết thúc · ended ones too")] = False,
    json: Json = False,
    lang: Lang = "",
) -> None:
    """Ai có quyền gì, ở đâu, đến khi nào · Who may what, where, until when."""
    with refusals(lang):
        path = term(unit, today()).path if unit else ""
    found = grants_listed(today(), within=path, is_everything=everything)
    if json:
        as_json([_as_dict(one) for one in found])
        return
    table = Table("№", "Người dùng · user", "Vai trò · role", "Đơn vị · unit", "Đến · until")
    for one in found:
        title = roles()[one.role].name.text().in_(language(lang)) if one.role in roles() else one.role
        ends = one.ended_at or one.ends_before or ""
        where = f"{one.unit_name} {one.programme}".strip()
        table.add_row(str(one.pk), one.user.get_username(), title, where, f"{ends:%Y-%m-%d}" if ends else "")
    out.print(table)


@app.command("roles")
def known(lang: Lang = "") -> None:
    """Các vai trò và quyền của mỗi vai trò · The roles, and what each may do."""
    table = Table("", "Vai trò · role", "")
    for code, role in roles().items():
        table.add_row(code, role.name.text().in_(language(lang)), role.does.text().in_(language(lang)))
    out.print(table)


def _user(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        reason = Text(vi=f"Không có người dùng “{name}”.", en=f"There is no user “{name}”.")
        raise Refused([Problem("unknown-user", reason)])
    return found


def _countries() -> list[int]:
    found = list(terms(today()).filter(parent=None).values_list("unit_id", flat=True))
    if not found:
        reason = Text(
            vi="Chưa có đơn vị nào để giao cả nước.", en="There are no units yet, so no country to give."
        )
        raise Refused([Problem("no-units", reason, Text(vi="Nạp đơn vị trước.", en="Load units first."))])
    return found


def _day_after(until: str) -> date | None:
    if not until:
        return None
    try:
        last = date.fromisoformat(until)
    except ValueError:
        reason = Text(vi=f"“{until}” không phải là ngày.", en=f"“{until}” is not a day.")
        raise Refused([Problem("not-a-day", reason, Text(vi="YYYY-MM-DD", en="YYYY-MM-DD"))]) from None
    return date.fromordinal(last.toordinal() + 1)


def _as_dict(one: Grant) -> dict[str, object]:
    return {
        "number": one.pk,
        "user": one.user.get_username(),
        "role": one.role,
        "unit_id": one.unit_id,
        "unit": one.unit_name,
        "programme": one.programme,
        "starts_on": one.starts_on,
        "ends_before": one.ends_before,
        "ended_at": one.ended_at,
    }


def _weak(error: ValidationError) -> Problem:
    return Problem(
        "weak-password",
        Text(vi="Mật khẩu quá ngắn hoặc quá phổ biến.", en="The password is too short or too common."),
        Text(vi="Dùng ít nhất 12 ký tự, khó đoán.", en="Use at least 12 characters, hard to guess."),
    )
