"""What is still needed, in words: “cần thêm 2 khu dân cư được công nhận”, “11 fewer crimes are needed”.

Sentences begin with a small letter and end without a full stop, to stand alone or after a semicolon.
"""

from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas.awaiting import Awaited
from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.rendering import Renderer
from kieumau.formulas.steps import Distance, Full, Reason, Step
from kieumau.formulas.tree import Below, Comparison, Word, walk
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import exact_decimals, format_number

MOST_TOLD = 4

_MORE = Text(vi="thêm {} {}", en="{} more {}")
_LESS = Text(vi="giảm {} {}", en="{} fewer {}")
_RISE = Text(vi="tăng {1} thêm {0} điểm phần trăm", en="{} percentage points more of {}")
_FALL = Text(vi="giảm {1} đi {0} điểm phần trăm", en="{} percentage points less of {}")
_NEEDED = Text(vi="cần {}", en="{} {} needed")
_ONE_OF = Text(vi="cần một trong các thay đổi: {}", en="one of these is needed: {}")
_ALL_OF = Text(vi="cần tất cả: {}", en="all of these are needed: {}")
_OR = Text(vi="; hoặc ", en="; or ")
_OTHERS = Text(vi="; hoặc một trong {} cách khác", en="; or one of {} other ways")
_FULL = Text(vi="{} không thể vượt {}", en="{} cannot exceed {}")
_REASONS = {
    Reason.CANNOT_BE_REACHED: Text(
        vi="không thể đạt chỉ bằng thay đổi một số liệu của kỳ này",
        en="cannot be reached by changing one figure of this period",
    ),
    Reason.CANNOT_TELL: Text(vi="không tính được còn thiếu bao nhiêu", en="how far it is cannot be told"),
    Reason.MISSING_FIGURES: Text(
        vi="cần có đủ số liệu trước khi tính được còn thiếu bao nhiêu",
        en="figures are missing, so how far it is cannot be told",
    ),
}

# Other verdicts; {} is “Criterion 4”, “Result under tt124-commune”, and the word.
_MUST_BE = Text(vi="{} phải là “{}”", en="{} must be “{}”")
_MUST_NOT_BE = Text(vi="{} phải khác “{}”", en="{} must be other than “{}”")
_MUST_HOLD = Text(vi="phải có: {}", en="needed: {}")
_MUST_NOT_HOLD = Text(vi="không được có: {}", en="must not be: {}")
_UNITS_BELOW = Text(vi="cần thêm {} đơn vị cấp dưới đạt ({})", en="{} more units below must have ({})")
_ONE_OF_VERDICTS = Text(vi="cần một trong các điều kiện: {}", en="one of these is needed: {}")
_AND = Text(vi="; và ", en="; and ")


def needs(distance: Distance, catalogue: Catalogue, language: str) -> str:
    """What would make the condition true, or why that cannot be told; empty where it is true."""
    writer = _Writer(catalogue, language)
    if distance.steps:
        return writer.one_of(distance.steps)
    if distance.awaited:
        return writer.behind_verdicts(distance)
    if distance.together:
        return writer.all_of(distance.together)
    if distance.reason is None:
        return ""
    said = [_REASONS[distance.reason].in_(language), *map(writer.full, distance.full)]
    return "; ".join(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class _Writer:
    catalogue: Catalogue
    language: str

    def one_of(self, steps: tuple[Step, ...]) -> str:
        """The nearest alternatives; how many there are besides."""
        if len(steps) == 1:
            return self.needed(steps[0])
        said = _OR.in_(self.language).join(map(self.step, steps[:MOST_TOLD]))
        if len(steps) > MOST_TOLD:
            said += self.say(_OTHERS, len(steps) - MOST_TOLD)
        return self.say(_ONE_OF, said)

    def all_of(self, steps: tuple[Step, ...]) -> str:
        """Steps that are needed together."""
        return (
            self.needed(steps[0]) if len(steps) == 1 else self.say(_ALL_OF, "; ".join(map(self.step, steps)))
        )

    def behind_verdicts(self, distance: Distance) -> str:
        """What other verdicts must be, and what figures must do besides."""
        told = list(map(self.awaited, distance.awaited))
        if distance.one_is_enough:
            said = self.say(_ONE_OF_VERDICTS, _OR.in_(self.language).join(told))
        else:
            said = _AND.in_(self.language).join(told)
        return (
            _AND.in_(self.language).join([said, self.all_of(distance.together)])
            if distance.together
            else said
        )

    def awaited(self, one: Awaited) -> str:
        """“Tiêu chí 4 phải là “đạt””, “2 more units below must have (…)”."""
        render = Renderer(self.catalogue, self.language, lambda trace: trace.text)
        node, trace = one.condition, one.trace
        below = next((each for each in walk(node) if isinstance(each, Below)), None)
        if one.more is not None and below is not None:
            return self.say(
                _UNITS_BELOW, one.more, _small(render.asked(evaluate_placed(below.condition, {})))
            )
        if isinstance(node, Comparison) and isinstance(node.left, Word) != isinstance(node.right, Word):
            asked, found = trace.children if isinstance(node.left, Word) else trace.children[::-1]
            is_wanted = (node.operator == "=") == one.must_hold
            name = _small(render.expression(found, with_values=False))
            return self.say(_MUST_BE if is_wanted else _MUST_NOT_BE, name, render.word(asked))
        return self.say(_MUST_HOLD if one.must_hold else _MUST_NOT_HOLD, _small(render.asked(trace)))

    def needed(self, step: Step) -> str:
        """One step as a sentence of its own."""
        return self.say(_NEEDED, self.step(step), "is" if abs(step.change) == 1 else "are")

    def step(self, step: Step) -> str:
        """“thêm 2 khu dân cư được công nhận”, “2 more areas recognized”."""
        code = step.operand.indicator
        described = self.catalogue.get(code)
        rises = step.change > 0
        if described is not None and described.type is Type.SHARE:
            points = self.number(abs(step.change) * 100)
            return self.say(_RISE if rises else _FALL, points, _small(self.name(code)))
        counted = self.counted(code, is_one=abs(step.change) == 1)
        return self.say(_MORE if rises else _LESS, self.number(abs(step.change)), counted)

    def counted(self, code: str, *, is_one: bool) -> str:
        """What is counted, after a number: its measure and its name, the measure once."""
        described = self.catalogue.get(code)
        if described is None:
            return code
        name, measure = _small(self.name(code)), described.measure.in_(self.language)
        if self.language.startswith("en"):
            if is_one:  # names are in the plural
                return f"({name})"
            is_plural = any(word.endswith("s") for word in name.split())
            return name if is_plural or not measure else f"{measure} ({name})"
        name = name.removeprefix("tổng ").removeprefix("số lượng ").removeprefix("số ")
        return name if f"{name} ".startswith(f"{measure} ") or not measure else f"{measure} {name}"

    def full(self, one: Full) -> str:
        """Which whole a part would exceed."""
        return self.say(_FULL, *(_small(self.name(each.indicator)) for each in (one.operand, one.whole)))

    def name(self, code: str) -> str:
        """The name of an indicator; its code where the catalogue does not know it."""
        return self.catalogue[code].name.in_(self.language) if code in self.catalogue else code

    def number(self, value: Fraction) -> str:
        """With as many decimals as it takes."""
        return format_number(value, exact_decimals(value), self.language)

    def say(self, phrase: Text, *parts: object) -> str:
        """The phrase in the language, with its gaps filled."""
        return phrase.in_(self.language).format(*parts)


def _small(name: str) -> str:
    """A name inside a sentence: a capital at its beginning is dropped, an abbreviation is not."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name
