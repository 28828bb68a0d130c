"""All commands, put together."""

import typer
from django.core.management import call_command

from kieumau.cli import (
    audit,
    awards,
    calendar,
    checking,
    criteria,
    demo,
    exporting,
    figures,
    forms,
    indicators,
    nightly,
    norms,
    rechecks,
    returns,
    rounds,
    serve,
    tokens,
    trying,
    units,
    users,
    worker,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kiểu Mẫu: bộ tiêu chí, số liệu, kết quả tự giải thích · criteria, figures, explained verdicts",
)
app.add_typer(units.app, name="units")
app.add_typer(indicators.app, name="indicators")
app.add_typer(figures.app, name="figures")  # `exporting` adds a command to it
app.add_typer(exporting.verdicts, name="verdicts")
app.add_typer(criteria.app, name="criteria")
app.add_typer(norms.app, name="norms")
app.add_typer(calendar.app, name="calendar")
app.add_typer(returns.app, name="returns")
app.add_typer(rounds.app, name="rounds")
app.add_typer(rechecks.app, name="rechecks")
app.add_typer(awards.app, name="awards")
app.add_typer(users.app, name="users")
app.add_typer(tokens.app, name="tokens")
app.add_typer(audit.app, name="audit")
figures.app.command("form")(forms.form)
figures.app.command("take-form")(forms.take)
app.command("assess")(criteria.assess)
app.command("explain")(criteria.explain)
app.command("try")(trying.try_)
app.command("check")(checking.check)
app.command("rebuild")(checking.rebuild)
app.command("nightly")(nightly.nightly)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("demo")(demo.demo)


@app.command()
def migrate() -> None:
    """Tạo và nâng cấp bảng dữ liệu · Create and upgrade the tables."""
    call_command("migrate", verbosity=0)


@app.command()
def doctor() -> None:
    """Xem đã cài đặt gì, thiếu gì · What is set up, what is missing, what to do (runs before all else)."""
