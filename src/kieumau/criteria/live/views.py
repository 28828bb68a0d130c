"""Two addresses for the editor: the words there are, and what is wrong with what was written."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from kieumau.criteria.live.checking import Answer, checked_formula, checked_text
from kieumau.criteria.live.surroundings import Written
from kieumau.criteria.live.words import words
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import whole_number

MOST_BYTES = 200_000
MOST_NAMES = 500
WORDS_KEPT_SECONDS = 60
_TOO_LARGE = Text(vi="Văn bản dài quá 200 kB.", en="The text is longer than 200 kB.")
_NOT_JSON = Text(vi="Yêu cầu không phải JSON đúng dạng.", en="The request is not JSON of the right shape.")


@require_safe
def words_to_write(request: HttpRequest) -> JsonResponse:
    """Every word that may be written, in the language of the page."""
    answer = JsonResponse(words(get_language() or "vi"))
    patch_cache_control(answer, private=True, max_age=WORDS_KEPT_SECONDS)
    return answer


@require_POST
def check_written(request: HttpRequest) -> JsonResponse:
    """`{"text": …}`, the YAML of a set, or `{"formula": …}`, one formula with where it stands.

    A formula may bring `set`, `criteria` and `classes` (what it may refer to), `points` (whether its set
    counts them) and `gives` (`condition` or `number`). Answers `{"problems": […], "says": …}`; 400 with
    `reason` where the request is too large or not of this shape.
    """
    language = get_language() or "vi"
    announced = whole_number(request.META.get("CONTENT_LENGTH") or "0", MOST_BYTES)
    if announced is None or len(request.body) > MOST_BYTES:
        return JsonResponse({"reason": _TOO_LARGE.in_(language)}, status=400)
    try:
        answer = _answer(json.loads(request.body), language)
    except (UnicodeDecodeError, ValueError):
        return JsonResponse({"reason": _NOT_JSON.in_(language)}, status=400)
    return JsonResponse(answer.as_dict())


def _answer(asked: Any, language: str) -> Answer:
    """Raises ValueError for anything of another shape."""
    if not isinstance(asked, dict):
        raise ValueError("not an object")
    if "text" in asked:
        return checked_text(_text(asked, "text"), language)
    written = Written(
        set_code=_text(asked, "set"),
        criteria=_names(asked, "criteria"),
        classes=_names(asked, "classes"),
        counts_points=asked["points"] is True if "points" in asked else None,
        is_condition=_text(asked, "gives") != "number",
    )
    if "formula" not in asked:
        raise ValueError("nothing to check")
    return checked_formula(_text(asked, "formula"), written, language)


def _text(asked: dict[str, Any], name: str) -> str:
    """A text without what no database keeps and no editor shows; empty where it is absent."""
    found = asked.get(name, "")
    if not isinstance(found, str):
        raise ValueError(f"{name} is no text")
    found.encode()  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    return found.replace("\r\n", "\n").replace("\r", "\n")


def _names(asked: dict[str, Any], name: str) -> tuple[str, ...]:
    found = asked.get(name, [])
    is_list = isinstance(found, list) and len(found) <= MOST_NAMES
    if not is_list or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{name} is no list of names")
    return tuple(found)
