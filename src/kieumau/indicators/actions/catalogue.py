"""Loading a catalogue of indicators: all of it or nothing, as often as one likes."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from kieumau.indicators.catalogue import Definition, path_of, read_catalogue
from kieumau.indicators.models import Figure, Indicator
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.units.actions import Actor

# What figures already stored were counted by; changing it would give them another meaning.
FROZEN = {
    "nature": Text(vi="loại số liệu", en="nature"),
    "measure_vi": Text(vi="đơn vị tính", en="unit of measure"),
    "measure_en": Text(vi="đơn vị tính", en="unit of measure"),
    "is_share": Text(vi="tính tỷ lệ", en="being a share"),
    "over_units": Text(vi="cách tổng hợp theo đơn vị", en="adding up over units"),
    "calendar": Text(vi="lịch báo cáo", en="calendar"),
    "period_kind": Text(vi="loại kỳ báo cáo", en="kind of period"),
}


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """What loading did: codes that are new, that changed, and how many stayed as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


class CatalogueRefused(Refused):
    """The catalogue contradicts figures that are stored already."""


@transaction.atomic
def load_catalogue(name: Path | str, *, actor: Actor = None) -> LoadedCatalogue:
    """Store the indicators of a YAML file, or of a shipped catalogue by its name, by their codes.

    Indicators that the file no longer names stay as they are. Raises `Refused` with every problem of
    the file in one pass, and `CatalogueRefused` when an indicator that has figures would get another
    nature, unit of measure or calendar, or become derived.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicator IN SHARE ROW EXCLUSIVE MODE")
    known = dict(catalogue())
    wanted = {one.code: _columns(one) for one in read_catalogue(name, known)}
    stored = {row.code: row for row in Indicator.objects.filter(code__in=wanted)}
    added = tuple(code for code in wanted if code not in stored)
    changed = {code: _differences(row, wanted[code]) for code, row in stored.items()}
    changed = {code: names for code, names in changed.items() if names}
    _refuse_new_meanings(changed, stored, Path(path_of(name)).name)
    if added or changed:
        revision = _next_revision()
        Indicator.objects.bulk_create(
            [
                Indicator(**wanted[code], revision=revision)
                for code in wanted
                if code in added or code in changed
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[*next(iter(wanted.values())).keys() - {"code"}, "revision"],
        )
    return LoadedCatalogue(added, tuple(changed), len(wanted) - len(added) - len(changed))


def _columns(one: Definition) -> dict[str, Any]:
    """The definition as columns of the table."""
    columns = asdict(one)
    del columns["id"]
    for name in ("name", "measure"):
        text = columns.pop(name)
        columns[f"{name}_vi"], columns[f"{name}_en"] = text["vi"], text["en"]
    return columns


def _differences(row: Indicator, wanted: dict[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if getattr(row, name) != value]


def _refuse_new_meanings(changed: dict[str, list[str]], stored: dict[str, Indicator], file: str) -> None:
    """Raises `CatalogueRefused` for indicators with figures whose meaning would change."""
    problems = []
    for code, names in changed.items():
        row = stored[code]
        frozen = [FROZEN[name] for name in names if name in FROZEN]
        if "formula" in names and not row.formula:
            frozen.append(Text(vi="thành chỉ tiêu tính toán", en="becoming derived"))
        if not frozen or not Figure.objects.filter(indicator=row.id).exists():
            continue
        unique = list(dict.fromkeys(frozen))
        problems.append(
            Problem(
                "indicator-has-figures",
                Text(
                    vi=f"“{code}” đã có số liệu, không đổi được: {', '.join(text.vi for text in unique)}.",
                    en=f"“{code}” has figures already; cannot change: {', '.join(t.en for t in unique)}.",
                ),
                Text(vi="Hãy tạo chỉ tiêu mới với mã khác.", en="Make a new indicator with another code."),
                Place(file=file),
            )
        )
    if problems:
        raise CatalogueRefused(problems)


def _next_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('indicator_revision')")
        return int(cursor.fetchone()[0])
