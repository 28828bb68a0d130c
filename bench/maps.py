"""Acts and figures on maps with the whole country loaded: recording a merger, reading year-on-year.

Nothing stays: every act is taken back at the end of its transaction.
"""

from datetime import date

from bench import world
from bench.measure import Report

from django.db import transaction  # isort: skip (world sets Django up)

from kieumau.units import queries
from kieumau.units.actions import record_change, undo_change
from kieumau.units.models import Term, Unit
from kieumau.units.rules import Act, TermRow, even_shares

DAY = date(2026, 11, 1)


def merger(count: int) -> Act:
    """`count` communes of Cần Thơ become one on `DAY`."""
    city = queries.term("92", DAY)
    olds = list(queries.terms(DAY, within=city.path, level=3)[:count])
    keys = dict(Unit.objects.filter(id__in=[term.unit_id for term in olds]).values_list("id", "key"))
    above = Unit.objects.get(id=city.unit_id).key
    new = TermRow("vn/bench", "vn", olds[0].code, "Bench", "phuong", above, DAY)
    ends = tuple(keys[term.unit_id] for term in olds)
    shares = tuple(share for key in ends for share in even_shares(key, [new.key]))
    return Act("bench", DAY, ends=ends, begins=(new,), shares=shares)


def recording(report: Report) -> None:
    """Record and undo a merger of 14 communes, rolled back."""
    act = merger(14)

    def record() -> None:
        with transaction.atomic():
            record_change(act=act, actor=None)
            transaction.set_rollback(True)

    report.time("record a merger of 14 communes", record, runs=3, warm=1, target="≤ 2,000 ms")
    with transaction.atomic():
        record_change(act=act, actor=None)

        def undo() -> None:
            with transaction.atomic():
                undo_change(key="bench", actor=None)
                transaction.set_rollback(True)

        report.time("undo it", undo, runs=3, warm=0, target="≤ 2,000 ms")
        transaction.set_rollback(True)


def main() -> None:
    """Measure everything."""
    figures = world.ready()
    report = Report(f"Maps, {figures:,} figures, {Term.objects.count():,} terms")
    recording(report)
    report.show()


if __name__ == "__main__":
    main()
