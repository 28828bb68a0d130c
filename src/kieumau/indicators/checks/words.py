"""A check that does not hold, said to whoever gave the figures."""

from kieumau.formulas.catalogue import Catalogue
from kieumau.indicators.checks.failing import Failing, told
from kieumau.kernel.messages import Problem, Text

IMPLAUSIBLE, NEEDS_REMARK, REMARKED, LOOKS_BACK = "implausible", "needs-remark", "remarked", "later-period"


def implausible(failing: Failing, catalogue: Catalogue, at: Text) -> Problem:
    """Figures that a hard check refuses; `at` says where they are from, or is empty."""
    return Problem(IMPLAUSIBLE, _said(failing, catalogue, at), failing.definition.action)


def needs_remark(failing: Failing, catalogue: Catalogue, at: Text) -> Problem:
    """Figures that a soft check asks a remark for."""
    action = failing.definition.action
    hint = Text(
        vi=f"{action.vi} Số đúng thì cần ghi chú ({failing.definition.code}).",
        en=f"{action.en} Figures that are right need a remark ({failing.definition.code}).",
    )
    return Problem(NEEDS_REMARK, _said(failing, catalogue, at), hint)


def remarked(failing: Failing, catalogue: Catalogue, at: Text, remark: str) -> Problem:
    """What a soft check said of figures that are kept with a remark."""
    hint = Text(vi=f"Ghi chú: {remark}", en=f"Remark: {remark}")
    return Problem(REMARKED, _said(failing, catalogue, at), hint)


def looks_back(failing: Failing, catalogue: Catalogue, at: Text) -> Problem:
    """A later period that no longer agrees with the figures of this one: nobody is refused for it."""
    hint = Text(
        vi="Kỳ sau cần được xem lại; số liệu kỳ này vẫn được lưu.",
        en="The later period should be looked at; the figures of this one are kept.",
    )
    return Problem(LOOKS_BACK, _said(failing, catalogue, at), hint)


def _said(failing: Failing, catalogue: Catalogue, at: Text) -> Text:
    title, sentence = failing.definition.title, told(failing.trace(), catalogue)
    return Text(
        vi=f"{at.vi + ': ' if at.vi else ''}{title.vi}. {sentence.vi}",
        en=f"{at.en + ': ' if at.en else ''}{title.en}. {sentence.en}",
    )
