"""`kieumau doctor`: what is set up, what is missing, what to do about it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import typer

from kieumau.accounts.serving import serves_as_owner
from kieumau.cli.say import Json, Lang, as_json, language, out
from kieumau.kernel.messages import Refused, Text
from kieumau.supervisor import database_url
from kieumau.supervisor.installations import find_installations

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, whether it is all right, what was found, what to do."""

    name: Text
    is_good: bool
    found: str
    remedy: Text | None = None


@app.command(name="doctor")
def doctor(json_: Json = False, lang: Lang = "") -> None:
    """Xem đã cài đặt gì, thiếu gì · What is set up, what is missing, what to do."""
    checks = list(_checks(language(lang)))
    if json_:
        as_json(
            [
                {
                    "name": check.name,
                    "ok": check.is_good,
                    "found": check.found,
                    "remedy": None if check.is_good else check.remedy,
                }
                for check in checks
            ]
        )
    else:
        for check in checks:
            mark = "[green]✓[/green]" if check.is_good else "[red]✗[/red]"
            out.print(f"{mark} {check.name.in_(language(lang))}: {check.found}")
            if not check.is_good and check.remedy:
                out.print(f"  → {check.remedy.in_(language(lang))}")
    if not all(check.is_good for check in checks):
        raise typer.Exit(1)


def _checks(lang: str) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(
        Text(vi="Python", en="Python"),
        sys.version_info >= (3, 11),
        version,
        Text(vi="Cần Python 3.11 trở lên.", en="Python 3.11 or newer is needed."),
    )
    yield _node()
    yield _styles()
    yield _catalogue()
    yield _serving()
    yield from _database(lang)


def _serving() -> Check:
    return Check(
        Text(vi="Bảo mật theo dòng khi phục vụ", en="Row security while serving"),
        not serves_as_owner(os.environ),
        "KIEUMAU_SERVING" if os.environ.get("KIEUMAU_SERVING") else "kieumau serve",
        Text(
            vi="Đặt KIEUMAU_SERVING=1 cho máy chủ WSGI riêng, hoặc dùng `kieumau serve`.",
            en="Set KIEUMAU_SERVING=1 for a WSGI server of your own, or use `kieumau serve`.",
        ),
    )


def _node() -> Check:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    found = _version(node) if node else "—"
    major = int(found.lstrip("v").split(".")[0]) if found.startswith("v") else 0
    built = _styles().is_good
    return Check(
        Text(vi="Node.js (chỉ để dựng giao diện)", en="Node.js (only to build the style sheet)"),
        major >= 20 or built,
        found,
        Text(
            vi="Chạy `make demo`: tự cài Node.js từ PyPI.",
            en="Run `make demo`: it installs Node.js from PyPI.",
        ),
    )


def _version(program: str) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _styles() -> Check:
    sheets = sorted((ROOT / "build" / "static").rglob("*.css"))
    return Check(
        Text(vi="Giao diện đã dựng", en="Style sheet built"),
        bool(sheets),
        sheets[0].name if sheets else "—",
        Text(vi="Chạy `npm ci && npm run build`.", en="Run `npm ci && npm run build`."),
    )


def _catalogue() -> Check:
    compiled = sorted(PACKAGE.rglob("locale/vi/LC_MESSAGES/django.mo"))
    return Check(
        Text(vi="Bản dịch tiếng Việt", en="Vietnamese catalogue"),
        bool(compiled),
        "django.mo" if compiled else "—",
        Text(vi="Chạy lại `make demo`.", en="Run `make demo` again."),
    )


def _database(lang: str) -> Iterator[Check]:
    name = Text(vi="PostgreSQL", en="PostgreSQL")
    if not os.environ.get("DATABASE_URL"):
        installed = find_installations()
        yield Check(
            Text(vi="Chương trình PostgreSQL", en="PostgreSQL programs"),
            bool(installed),
            ", ".join(f"{one.major}{' (PyPI)' if one.is_wheel else ''}" for one in installed) or "—",
            Text(
                vi="Cài PostgreSQL 15 trở lên, hoặc `make demo`.",
                en="Install PostgreSQL 15 or newer, or `make demo`.",
            ),
        )
        if not installed:
            return
    try:
        with psycopg.connect(database_url(), connect_timeout=5) as connection:
            yield Check(name, True, str(connection.info.parameter_status("server_version")))
            yield from _inside(connection)
    except Refused as refused:
        reason = refused.problems[0]
        yield Check(name, False, reason.in_(lang), reason.hint)
    except psycopg.Error as error:
        yield Check(
            name,
            False,
            str(error).splitlines()[0],
            Text(vi="Kiểm tra DATABASE_URL và máy chủ.", en="Check DATABASE_URL and the server."),
        )


def _inside(connection: psycopg.Connection) -> Iterator[Check]:
    version = connection.info.server_version
    yield Check(
        Text(vi="Phiên bản PostgreSQL", en="PostgreSQL version"),
        version >= 150000,
        str(version // 10000),
        Text(vi="Cần PostgreSQL 15 trở lên.", en="PostgreSQL 15 or newer is needed."),
    )
    rows = connection.execute("select name from pg_available_extensions").fetchall()
    missing = [extension for extension in EXTENSIONS if (extension,) not in rows]
    yield Check(
        Text(vi="Mô-đun contrib", en="Contrib modules"),
        not missing,
        ", ".join(EXTENSIONS) if not missing else f"− {', '.join(missing)}",
        Text(vi="Cài gói postgresql-contrib.", en="Install the package postgresql-contrib."),
    )
    yield from _tables(connection)


def _tables(connection: psycopg.Connection) -> Iterator[Check]:
    """Are all migrations there, and is anything loaded?"""
    name = Text(vi="Bảng dữ liệu", en="Tables")
    remedy = Text(vi="Chạy `make demo` hoặc `kieumau migrate`.", en="Run `make demo` or `kieumau migrate`.")
    if connection.execute("select to_regclass('django_migrations')").fetchone() == (None,):
        yield Check(name, False, "—", remedy)
        return
    applied = set(connection.execute("select app, name from django_migrations").fetchall())
    ours = {(path.parent.parent.name, path.stem) for path in PACKAGE.glob("*/migrations/[0-9]*.py")}
    yield Check(name, ours <= applied, f"{len(ours & applied)}/{len(ours)}", remedy)
    if not ours <= applied:
        return
    for title, table, command in (
        (Text(vi="Đơn vị", en="Units"), "unit", "kieumau units load-vietnam"),
        (Text(vi="Chỉ tiêu", en="Indicators"), "indicator", "kieumau indicators load vn-commune"),
        (Text(vi="Bộ tiêu chí", en="Criteria sets"), "criteria_set", "kieumau criteria load tt124-commune"),
    ):
        row = connection.execute(f"select count(*) from {table}").fetchone()
        count = row[0] if row else 0
        hint = Text(vi=f"Nạp bằng `{command}`.", en=f"Load some: `{command}`.")
        yield Check(title, bool(count), str(count), hint)
