"""What a unit reported itself beside the sum of the units below it, and what the difference means."""

from fractions import Fraction

from kieumau.home.mapped import Shown
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.rules import names_of
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number, format_share
from kieumau.web.charts import Exact


def difference_told(
    indicator: Definition, own: Exact | None, rolled_up: Shown, kinds: list[Text]
) -> Text | None:
    """“16.325 vụ không gắn với phường nào”: what the unit reported beyond the units below it.

    Where some of those have not reported yet, that is said instead: the rest may still be theirs.
    """
    if own is None or rolled_up.value is None:
        return None
    difference = Fraction(own) - Fraction(rolled_up.value)
    if not difference:
        return None
    vi = f"{indicator.name.vi}: {_amount(indicator, abs(difference), 'vi')}"
    en = f"{indicator.name.en}: {_amount(indicator, abs(difference), 'en')}"
    below_vi = ", ".join(kind.vi.lower() for kind in kinds) or "đơn vị"
    below_en = " or ".join(kind.en.lower() for kind in kinds) or "unit"
    if indicator.is_share:
        return Text(
            vi=f"{vi} giữa số đơn vị tự báo cáo và số tổng hợp từ cấp dưới",
            en=f"{en} between what the unit reported itself and what is worked out from those below",
        )
    if difference < 0:
        return Text(
            vi=f"{vi} do cấp dưới báo cáo nhiều hơn số đơn vị tự báo cáo",
            en=f"{en} more reported by the units below than by the unit itself",
        )
    if rolled_up.is_partial:
        rest = rolled_up.expected - rolled_up.reported
        return Text(
            vi=f"{vi} chưa có ở cấp dưới; còn {rest} số liệu chưa báo cáo",
            en=f"{en} not in the figures below; {rest} of those are still to be reported",
        )
    return Text(
        vi=f"{vi} không gắn với {below_vi} nào", en=f"{en} not placed in {_article(below_en)} {below_en}"
    )


def own_lacking(indicator: Definition, own: Shown | None) -> Text | None:
    """“Không có số tự báo cáo của tỉnh Hậu Giang”: the predecessors without which there is no sum.

    None where there is such a sum, and where nothing was reported at all.
    """
    if own is None or own.value is not None:
        return None
    without = [origin for origin in own.origins if origin.total is None]
    if not without or len(without) == len(own.origins):
        return None
    return Text(
        vi=f"{indicator.name.vi}: không có số tự báo cáo của {names_of(without, 'vi')}",
        en=f"{indicator.name.en}: no own figure of {names_of(without, 'en')}",
    )


def _amount(indicator: Definition, difference: Fraction, language: str) -> str:
    if indicator.is_share:
        return format_share(difference, language, max(indicator.decimals, 1))
    return (
        f"{format_number(difference, indicator.decimals, language)} {indicator.measure.in_(language)}".strip()
    )


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"
