"""One word per idea: “phúc tra” is the stage of appraisal, a re-check is a “kiểm tra xác suất”."""

from pathlib import Path

from kieumau.accounts.roles import permissions
from kieumau.rechecks import verbs
from kieumau.web.catalog import read_catalog

PACKAGE = Path(verbs.__file__).parent
TAKEN = "phúc tra"
OF_THE_STAGE = ("apprais",)


def test_re_checks_are_not_named_like_the_stage() -> None:
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in PACKAGE.glob("*.py")}
    assert [name for name, text in texts.items() if TAKEN in text] == []
    assert "kiểm tra xác suất" in verbs.CHECK.sentence.vi
    said = {code: text.vi for code, text in permissions().items() if code.startswith("rechecks.")}
    assert len(said) == 2
    assert not [text for text in said.values() if TAKEN in text]


def test_only_screens_of_the_stage_say_its_word() -> None:
    wrong = [
        one.id
        for one in read_catalog()
        if TAKEN in str(one.string).lower() and not any(word in str(one.id).lower() for word in OF_THE_STAGE)
    ]
    assert wrong == []
