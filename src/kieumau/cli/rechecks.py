"""`kieumau rechecks draw`: draw a sample of spot checks, or do a draw again and compare."""

from typing import Annotated

import typer

from kieumau.calendars.working_days import ONE_DAY
from kieumau.cli.clock import now as this_moment
from kieumau.cli.say import Lang, fail, refusals, tell
from kieumau.kernel.messages import Problem, Text
from kieumau.rechecks.actions import Size, draw
from kieumau.rechecks.models import Draw
from kieumau.rechecks.verifying import verify
from kieumau.rounds.models import Round
from kieumau.units.queries import root, term

app = typer.Typer(no_args_is_help=True, help="Kiểm tra xác suất · Re-checks")
ACTOR = "kieumau rechecks"


@app.callback()
def group() -> None:
    """Keeps `draw` a command of its own."""


@app.command("draw")
def draw_(
    round_id: Annotated[int, typer.Option("--round", help="Số của đợt · id of the round")] = 0,
    area: Annotated[str, typer.Option("--area", help="Mã địa bàn; mặc định: cả nước · unit code")] = "",
    per_province: Annotated[int, typer.Option(help="Số đơn vị mỗi tỉnh · units of each province", min=1)] = 3,
    criteria: Annotated[int, typer.Option(help="Số tiêu chí mỗi đơn vị · criteria of each unit", min=1)] = 5,
    reason: Annotated[str, typer.Option(help="Lý do rút thêm, rút sớm · why once more, or early")] = "",
    verify_: Annotated[int, typer.Option("--verify", help="Rút lại lần rút số · do this draw again")] = 0,
    lang: Lang = "",
) -> None:
    """Rút mẫu kiểm tra xác suất, hoặc rút lại để so · Draw a sample, or repeat a draw and compare."""
    if verify_:
        _verify(verify_, lang)
        return
    found = Round.objects.select_related("period", "programme").filter(pk=round_id).first()
    if found is None:
        fail([_absent(f"đợt {round_id}", f"round {round_id}")], lang)
    on = found.period.ends_before - ONE_DAY
    with refusals(lang):
        area_id = (term(area, on) if area else root(on)).unit_id
        size = Size(per_province, criteria)
        made = draw(found, area_id=area_id, size=size, reason=reason, actor=ACTOR, now=this_moment())
    count = made.checks.count()
    tell(
        f"Lần rút {made.pk}, mã {made.seed}: {count} mục từ {made.frame_count} hồ sơ.",
        f"Draw {made.pk}, seed {made.seed}: {count} re-checks of {made.frame_count} dossiers.",
        lang,
    )


def _verify(draw_id: int, lang: str) -> None:
    drawn = Draw.objects.select_related("round__period").filter(pk=draw_id).first()
    if drawn is None:
        fail([_absent(f"lần rút {draw_id}", f"draw {draw_id}")], lang)
    found = verify(drawn)
    if found.resubmitted:
        tell(
            f"{found.resubmitted} hồ sơ trình lại sau khi rút: không so được mã kiểm chứng (SHA-256).",
            f"Submitted again since: {found.resubmitted}. Their fingerprints of then cannot be compared.",
            lang,
        )
    if found.holds:
        tell(
            f"Đúng: mã {drawn.seed} trên {found.frame_count} hồ sơ cho đúng mẫu đã rút.",
            f"It holds: seed {drawn.seed} over {found.frame_count} dossiers draws what was drawn.",
            lang,
        )
        return
    reason = Text(
        vi=f"Không khớp: thiếu {len(found.missing)}, thừa {len(found.extra)} mục, "
        f"{len(found.altered)} hồ sơ có mã kiểm chứng (SHA-256) khác.",
        en=f"It does not hold: {len(found.missing)} missing, {len(found.extra)} too many, "
        f"{len(found.altered)} dossiers with another fingerprint.",
    )
    fail([Problem("another-draw", reason)], lang)


def _absent(vi: str, en: str) -> Problem:
    return Problem("not-there", Text(vi=f"Không có {vi}.", en=f"There is no {en}."))
