"""Remarks: why figures are right although a check does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from kieumau.indicators.models import Remark, Source


@dataclass(frozen=True, slots=True)
class Said:
    """A remark about a check of one unit and period."""

    unit: int
    period: int
    check_code: str
    text: str


def store_remarks(remarks: Iterable[Said], *, source: Source) -> int:
    """Keep remarks with the source of the figures they were written for; how many. They never change."""
    rows = [
        Remark(
            unit=one.unit,
            period=one.period,
            check_code=one.check_code,
            text=one.text,
            source=source.pk,
            written_by=source.recorded_by,
            written_at=source.recorded_at,
        )
        for one in remarks
    ]
    return len(Remark.objects.bulk_create(rows, batch_size=5_000))
