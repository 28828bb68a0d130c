"""The text of a published version: as it was written where that is known, else written anew."""

from kieumau.criteria.additions import own_part
from kieumau.criteria.drafting.writing import document
from kieumau.criteria.drafts import surroundings, text_of
from kieumau.criteria.files import check_text, path_of, shipped
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.queries import definition
from kieumau.kernel.messages import Refused


def text_of_version(criteria_set: CriteriaSet) -> str:
    """The YAML that a version was published from, byte for byte.

    Of versions published before texts were kept: the text of the draft or the shipped set where that is
    it, else written anew from what the version says, without comments.
    """
    if criteria_set.text:
        return criteria_set.text
    issued = Draft.objects.filter(issued_as=criteria_set).order_by("pk").first()
    if issued is not None:
        return issued.text
    if criteria_set.code in shipped():
        text = text_of(path_of(criteria_set.code))
        try:
            if check_text(text, criteria_set.code, surroundings()).digest() == criteria_set.digest:
                return text
        except Refused:
            pass
    says = definition(criteria_set)
    if says.base is not None:
        base = CriteriaSet.objects.get(code=says.base.code, version=says.base.version)
        return document(own_part(says, definition(base)))
    return document(says.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True))
