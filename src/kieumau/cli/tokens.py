"""`kieumau tokens …`: keys by which programs read through the API."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.accounts.models import Token
from kieumau.accounts.tokens import make_token, revoke_token
from kieumau.cli.clock import ZONE, now
from kieumau.cli.say import Lang, language, out, refusals, tell
from kieumau.kernel.messages import Text

app = typer.Typer(no_args_is_help=True, help="Mã truy cập API · Tokens of the read API")
Name = Annotated[str, typer.Argument(help="Tên · name")]


@app.command("add")
def add(
    name: Name,
    days: Annotated[int, typer.Option(help="Số ngày có hiệu lực · days it is good for")] = 365,
    lang: Lang = "",
) -> None:
    """Tạo mã, chỉ hiện một lần · Make a token; it is shown once."""
    with refusals(lang):
        made, secret = make_token(name=name, days=days, actor="kieumau tokens", now=now())
    out.print(secret, markup=False)
    until = made.expires_at.astimezone(ZONE)
    tell(
        f"Mã “{made.name}” dùng được đến {until:%d/%m/%Y %H:%M}. Hãy chép lại: sẽ không hiện lần nữa.",
        f"Token “{made.name}” is good until {until:%Y-%m-%d %H:%M}. Copy it: it is not shown again.",
        lang,
    )


@app.command("list")
def list_(lang: Lang = "") -> None:
    """Các mã đã tạo · What tokens there are."""
    table = Table(show_header=True)
    for heading in (
        Text(vi="Tên", en="Name"),
        Text(vi="Tạo lúc", en="Made"),
        Text(vi="Hết hạn", en="Expires"),
        Text(vi="Thu hồi", en="Revoked"),
    ):
        table.add_column(heading.in_(language(lang)))
    for one in Token.objects.all():
        moments = (one.made_at, one.expires_at, one.revoked_at)
        table.add_row(
            escape(one.name), *(f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else "" for at in moments)
        )
    out.print(table)


@app.command("revoke")
def revoke(name: Name, lang: Lang = "") -> None:
    """Thu hồi mã · Close a token for good."""
    with refusals(lang):
        found = revoke_token(name=name, now=now(), actor="kieumau tokens")
    tell(f"Đã thu hồi mã “{found.name}”.", f"Token “{found.name}” is revoked.", lang)
