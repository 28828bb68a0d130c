"""The classes of a set that counts points, and the caps on them, in words."""

from kieumau.criteria.rules import Cap, Definition, Points
from kieumau.kernel.messages import Text

_COUNTED_BY = {
    "nation": Text(vi="cả nước", en="nation"),
    "province": Text(vi="từng tỉnh, thành phố", en="province"),
    "district": Text(vi="từng huyện", en="district"),
    "commune": Text(vi="từng xã, phường", en="commune"),
}


def order(says: Definition) -> list[str]:
    """The codes of the classes from the highest; empty for sets without points."""
    return [item.code for item in says.rule.classes] if isinstance(says.rule, Points) else []


def class_name(says: Definition, code: str) -> Text:
    """The name of a class; its code where the set has none such."""
    classes = says.rule.classes if isinstance(says.rule, Points) else ()
    return next((item.name.text() for item in classes if item.code == code), Text(vi=code, en=code))


def cap_sentence(says: Definition, cap: Cap) -> Text:
    """`“Excellent”: at most 20% of the units rated “Good”, counted by province.`"""
    name, level = class_name(says, cap.class_), _COUNTED_BY[cap.within]
    of = [class_name(says, code) for code in cap.of]
    share_vi = cap.at_most.replace(".", ",").replace("%", " %")
    among_vi = "số đơn vị được xếp loại"
    among_en = "all units rated"
    if of:
        among_vi = "số đơn vị xếp loại " + " hoặc ".join(f"“{one.vi}”" for one in of)
        among_en = "the units rated " + " or ".join(f"“{one.en}”" for one in of)
    return Text(
        vi=f"“{name.vi}”: không quá {share_vi} {among_vi}, tính theo {level.vi}.",
        en=f"“{name.en}”: at most {cap.at_most} of {among_en}, counted by {level.en}.",
    )
