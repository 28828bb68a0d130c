"""The switch of languages: back to the page it stood on, with what had been typed there."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from kieumau.web.giving_back import in_words_of


def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language chosen and goes back; where a form had been answered, with what was sent by it.

    A page that only takes forms is left for the one above it (`middleware.AnswersBrowsers`).
    """
    answer = set_language(request)
    sent, address = request.POST.get("sent", ""), request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and not urlsplit(address).netloc
    if request.method != "POST" or not sent or not is_here:
        return answer
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER, "")
    if not translation.check_for_language(language):
        return answer
    with translation.override(language):
        page = in_words_of(request, address, sent)
    page.headers["Content-Language"] = language
    page.cookies.update(answer.cookies)
    return page
