"""What can be done in programmes, as the log says it."""

from dataclasses import dataclass

from kieumau.audit.verbs import Verb, verb

MAKE = verb(
    "programme.make", vi="{actor} lập chương trình {object}", en="{actor} set up the programme {object}"
)
CHANGE = verb(
    "programme.change", vi="{actor} sửa chương trình {object}", en="{actor} changed the programme {object}"
)
CHOOSE = verb(
    "programme.choose_units",
    vi="{actor} chọn đơn vị tham gia chương trình {object}",
    en="{actor} chose units to take part in the programme {object}",
)


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is done to one kind of row."""

    add: Verb
    change: Verb
    remove: Verb


def _three(code: str, vi: str, en: str) -> Verbs:
    def done(what: str, vi_verb: str, en_verb: str) -> Verb:
        return verb(
            f"programme.{what}_{code}",
            vi=f"{{actor}} {vi_verb} {vi} {{object}}",
            en=f"{{actor}} {en_verb} {en} {{object}}",
        )

    return Verbs(
        done("add", "thêm", "added"), done("change", "sửa", "changed"), done("remove", "bỏ", "removed")
    )


SET = _three("set", "bộ tiêu chí của chương trình", "the criteria set of a programme")
SEAT = _three("seat", "thành phần ban chỉ đạo, tổ giúp việc", "the seat in a body")
STAGE = _three("stage", "giai đoạn kế hoạch", "the stage of a plan")
TARGET = _three("target", "mục tiêu", "the target")
MEMBER = _three("member", "đơn vị tham gia", "the unit taking part")
LINE = _three("line", "dòng kinh phí", "the budget line")
