"""`kieumau users …`: who may sign in."""

from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kieumau.accounts.actions import add_user, let_issue
from kieumau.accounts.models import User
from kieumau.cli.say import Lang, refusals, tell
from kieumau.kernel.messages import Problem, Refused, Text

ACTOR = "kieumau users"

app = typer.Typer(no_args_is_help=True, help="Người dùng · Users")


@app.callback()
def group() -> None:
    """Keeps `add` a command of its own."""


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập · user name")],
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Mật khẩu · password"),
    ],
    office: Annotated[
        bool, typer.Option("--office", help="Được ban hành bộ tiêu chí · may issue criteria sets")
    ] = False,
    lang: Lang = "",
) -> None:
    """Thêm người dùng: xem, soạn bản thảo · Add somebody who may sign in, read and write drafts."""
    with refusals(lang):
        if User.objects.filter(username=name).exists():
            reason = Text(vi=f"Đã có người dùng “{name}”.", en=f"There is a user “{name}” already.")
            raise Refused([Problem("repeated-user", reason)])
        try:
            validate_password(password)
        except ValidationError as error:
            raise Refused([_weak(error)]) from error
        user = add_user(name=name, password=password, actor=ACTOR)
        if office:
            let_issue(user=user, actor=ACTOR)
    tell(f"Đã thêm người dùng “{name}”.", f"User “{name}” added.", lang)


def _weak(error: ValidationError) -> Problem:
    return Problem(
        "weak-password",
        Text(vi="Mật khẩu quá ngắn hoặc quá phổ biến.", en="The password is too short or too common."),
        Text(vi="Dùng ít nhất 12 ký tự, khó đoán.", en="Use at least 12 characters, hard to guess."),
    )
