"""`kieumau demo`: everything a newcomer needs, in one command."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command

from kieumau.cli.say import Lang, progress, refusals, tell
from kieumau.cli.serve import listening_problem
from kieumau.cli.serve import serve as serve_pages
from kieumau.demo import an_hung, living_round, london, returning, vietnam
from kieumau.demo.office import office_account
from kieumau.demo.posts import share_password
from kieumau.quality.jobs import check_soon
from kieumau.quality.queries import newest

CAN_THO = "92"
MOST_PORTS = 20


class Data(StrEnum):
    """Which demo."""

    CANTHO = "cantho"
    NATIONAL = "national"
    LONDON = "london"


def demo(
    data: Annotated[Data, typer.Option(help="Dữ liệu · which data")] = Data.CANTHO,
    file: Annotated[Path | None, typer.Option(help="Tệp của Luân Đôn · the London file")] = None,
    port: Annotated[int, typer.Option(help="Cổng · port; the next free one if it is taken")] = 8000,
    serve: Annotated[bool, typer.Option(help="Chạy máy chủ sau khi nạp · serve afterwards")] = True,
    lang: Lang = "",
) -> None:
    """Nạp dữ liệu dùng thử và chạy máy chủ · Load data to try, and serve it."""
    tell("Chuẩn bị cơ sở dữ liệu …", "Preparing the database …", lang)
    call_command("migrate", verbosity=0)
    with refusals(lang):
        if data is Data.LONDON:
            _london(file, lang)
        else:
            _vietnam(data, lang)
            tell("Mở kỳ báo cáo, các xã nộp báo cáo …", "Opening periods; communes report …", lang)
            returning.open_returns()
            tell("Phường An Hưng 2023–2025 …", "The ward An Hưng, 2023 to 2025 …", lang)
            an_hung.load()
            tell("Đợt đánh giá 2026 của Cần Thơ …", "The round of Cần Thơ, 2026 …", lang)
            living_round.load()
    if serve and newest() is None:
        check_soon("kieumau demo")  # the worker beside the server does it
    _account(lang)
    if serve:
        tell("Khởi động máy chủ …", "Starting the server …", lang)
        ports = range(port, min(port + MOST_PORTS, 65536))
        free = next((one for one in ports if listening_problem("127.0.0.1", one) is None), port)
        serve_pages(host="127.0.0.1", port=free, workers=2, lang=lang)


def _account(lang: str) -> None:
    """Say how to sign in: reading needs no account, working does. All accounts have the same password."""
    account = office_account(settings.HOME)
    posts = share_password(account.name)
    tell(
        f"Đăng nhập, mật khẩu chung {account.password}:",
        f"Sign in; the password of all is {account.password}:",
        lang,
    )
    office = "cơ quan thường trực, kiểm toán", "programme office, auditor"
    for name, vi, en in ((account.name, *office), *((one.name, one.says.vi, one.says.en) for one in posts)):
        tell(f"  {name:20} {vi}", f"  {name:20} {en}", lang)


def _vietnam(data: Data, lang: str) -> None:
    scope = vietnam.Scope(data.value, [CAN_THO] if data is Data.CANTHO else None)
    if vietnam.is_loaded(scope):
        tell("Dữ liệu dùng thử đã có.", "The demo data is there already.", lang)
        return
    with progress("Số liệu giả lập (tháng)", "Synthetic figures (months)", lang) as step:
        stored = vietnam.load(scope, step)
    tell(f"Đã nạp {stored} số liệu giả lập.", f"{stored} synthetic figures loaded.", lang)


def _london(file: Path | None, lang: str) -> None:
    if london.is_loaded():
        tell("Dữ liệu Luân Đôn đã có.", "The London data is there already.", lang)
        return
    with progress("Số liệu của Luân Đôn (dòng)", "London's figures (rows)", lang) as step:
        stored = london.load(london.the_file(file), step)
    tell(f"Đã nạp {stored} số liệu.", f"{stored} figures loaded.", lang)
