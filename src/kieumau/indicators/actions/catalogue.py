"""Loading a catalogue of indicators: all of it or nothing, as often as one likes."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.audit.past import FIRST, recording
from kieumau.indicators import verbs
from kieumau.indicators.actions.checks import next_revision, store_checks
from kieumau.indicators.catalogue import Definition, path_of
from kieumau.indicators.catalogue_files import read_catalogue
from kieumau.indicators.checks.in_force import definitions_in_force
from kieumau.indicators.models import Figure, Indicator
from kieumau.indicators.queries import catalogue
from kieumau.indicators.registry import in_use
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.units.actions import Actor

# What stored figures were counted by and published formulas were checked against.
FROZEN = {
    "nature": Text(vi="loại số liệu", en="nature"),
    "is_share": Text(vi="tính tỷ lệ", en="being a share"),
    "over_time": Text(vi="cách tổng hợp theo thời gian", en="adding up over time"),
    "over_units": Text(vi="cách tổng hợp theo đơn vị", en="adding up over units"),
    "calendar": Text(vi="lịch báo cáo", en="calendar"),
    "period_kind": Text(vi="loại kỳ báo cáo", en="kind of period"),
}
# To a formula this is a mere name; figures would get another meaning.
FROZEN_BY_FIGURES = {
    "measure_vi": Text(vi="đơn vị tính", en="unit of measure"),
    "measure_en": Text(vi="đơn vị tính", en="unit of measure"),
}
# A derived indicator has no figures: how they would be reported and added up decides nothing.
FROZEN_WHEN_DERIVED = {"is_share"}


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """What loading did: codes that are new, that changed, and how many stayed as they were.

    `checks` are the codes of the checks that are new, that changed or that are no longer in force.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    checks: tuple[str, ...] = ()


class CatalogueRefused(Refused):
    """The catalogue contradicts figures that are stored, or criteria sets that are published, already."""


@transaction.atomic
def load_catalogue(name: Path | str, *, actor: Actor = None) -> LoadedCatalogue:
    """Store the indicators and checks of a YAML file, or of a shipped catalogue by its name, by their codes.

    Indicators that the file no longer names stay as they are; its checks are in force no longer. Raises
    `Refused` with every problem of the file in one pass, and `CatalogueRefused` when an indicator that has
    figures, or that something published names (`registry.in_use`), would get another meaning: see `FROZEN`;
    nor may it become derived, or stop being so.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicator IN SHARE ROW EXCLUSIVE MODE")
    known = dict(catalogue())
    whole = read_catalogue(name, known, definitions_in_force())
    wanted = {one.code: _columns(one) for one in whole.definitions}
    stored = {row.code: row for row in Indicator.objects.filter(code__in=wanted)}
    added = tuple(code for code in wanted if code not in stored)
    changed = {code: _differences(row, wanted[code]) for code, row in stored.items()}
    changed = {code: names for code, names in changed.items() if names}
    _refuse_new_meanings(changed, stored, wanted, Path(path_of(name)).name)
    if added or changed:
        revision = next_revision()
        is_first = not Indicator.objects.filter(catalogue=whole.code).exists()
        with recording(FIRST if is_first and not changed else None):
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
    checks = store_checks(whole.code, whole.checks)
    if added or changed or checks:
        audit.record(
            actor=actor,
            verb=verbs.LOAD_CATALOGUE,
            object=("catalogue", whole.code),
            name=whole.code,
            new={"added": added, "changed": changed, "checks": checks},
        )
    return LoadedCatalogue(added, tuple(changed), len(wanted) - len(added) - len(changed), checks)


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


def _refuse_new_meanings(
    changed: dict[str, list[str]], stored: dict[str, Indicator], wanted: dict[str, dict[str, Any]], file: str
) -> None:
    """Raises `CatalogueRefused` for indicators whose figures or published uses would mean something else."""
    meanings = {code: _new_meanings(stored[code], wanted[code], names) for code, names in changed.items()}
    used = _named_elsewhere([code for code, texts in meanings.items() if texts])
    problems = []
    for code, texts in meanings.items():
        measures = [FROZEN_BY_FIGURES[name] for name in changed[code] if name in FROZEN_BY_FIGURES]
        if (texts or measures) and Figure.objects.filter(indicator=stored[code].id).exists():
            vi, en = f"“{code}” đã có số liệu", f"“{code}” has figures already"
            problems.append(_refused("indicator-has-figures", vi, en, texts + measures, file))
        elif code in used:
            vi = f"“{code}” có trong bộ tiêu chí đã ban hành"
            en = f"“{code}” is named by a published criteria set"
            problems.append(_refused("indicator-in-use", vi, en, texts, file))
    if problems:
        raise CatalogueRefused(problems)


def _new_meanings(row: Indicator, wanted: dict[str, Any], changed: list[str]) -> list[Text]:
    """What would be different about an indicator for whoever computes with it."""
    stays_derived = bool(row.formula and wanted["formula"])
    frozen = [
        text
        for name, text in FROZEN.items()
        if name in changed and (not stays_derived or name in FROZEN_WHEN_DERIVED)
    ]
    if wanted["formula"] and not row.formula:
        frozen.append(Text(vi="thành chỉ tiêu tính toán", en="becoming derived"))
    if row.formula and not wanted["formula"]:
        frozen.append(Text(vi="thành chỉ tiêu báo cáo", en="becoming reported"))
    return frozen


def _named_elsewhere(codes: list[str]) -> set[str]:
    return {code for named in in_use for code in named(codes)} if codes else set()


def _refused(code: str, vi: str, en: str, what: list[Text], file: str) -> Problem:
    unique = list(dict.fromkeys(what))
    return Problem(
        code,
        Text(
            vi=f"{vi}, không đổi được: {', '.join(text.vi for text in unique)}.",
            en=f"{en}; cannot change: {', '.join(text.en for text in unique)}.",
        ),
        Text(vi="Hãy tạo chỉ tiêu mới với mã khác.", en="Make a new indicator with another code."),
        Place(file=file),
    )
