"""The text a new set begins with: everything that has a sensible default is filled in."""

from collections.abc import Collection, Sequence
from datetime import date

from kieumau.criteria.drafting.writing import flow, scalar
from kieumau.kernel.text import slug

_TEMPLATE = """\
# {title_vi}
# Bản thảo. Dòng bắt đầu bằng dấu # là ghi chú cho người soạn, máy bỏ qua.
# A draft. Lines that begin with # are notes for whoever writes it.
code: {code}
title: {title}

# Kiểm chứng: verified (đã đối chiếu văn bản), reported (theo báo cáo), unverified (chưa kiểm chứng).
verification: unverified

# Có hiệu lực từ ngày · In force from
effective: {{from: {starts}}}

# Đánh giá theo kỳ nào · Judged over which period
period: {{calendar: {calendar}, kind: {kind}}}
{slack}
# Áp dụng cho ai · Applies to
applies_to: {applies_to}

# Đạt khi nào: all (mọi tiêu chí), at_least (ít nhất k tiêu chí), points (chấm điểm).
rule: {{kind: all}}

criteria: []
"""
MOST = 40


def new_set(
    *,
    title_vi: str,
    title_en: str,
    code: str,
    today: date,
    calendar: str,
    kind: str,
    slack_days: int = 0,
    level: str = "commune",
    kinds: Sequence[str] = (),
) -> str:
    """The text of a set without criteria yet, for these periods and units."""
    units = {"level": level, "kinds": list(kinds)} if kinds else {"level": level}
    return _TEMPLATE.format(
        title_vi=title_vi,
        title=flow({"vi": title_vi, "en": title_en or title_vi}),
        code=scalar(code),
        starts=date(today.year, 1, 1).isoformat(),
        calendar=scalar(calendar),
        kind=scalar(kind),
        slack=f"figures_slack_days: {slack_days}\n" if slack_days else "",
        applies_to=flow(units),
    )


def code_for(title: str, taken: Collection[str]) -> str:
    """A code made of a title, `bo-tieu-chi-phuong`, that is not taken yet."""
    code = slug(title)[: MOST - 4].strip("-") or "set"
    number = 2
    found = code
    while found in taken:
        found, number = f"{code}-{number}", number + 1
    return found
