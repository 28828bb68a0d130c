"""The log for those who may read it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kieumau.audit.access import readable, require_read
from kieumau.audit.forms import AskedForm
from kieumau.audit.lines import lines_of
from kieumau.audit.parts import kind_of
from kieumau.audit.proving import Part, prove_part
from kieumau.audit.queries import Key, entries
from kieumau.audit.registry import whole_log
from kieumau.kernel.numbers import whole_number

SIZE = 50
VERIFY, BEHIND = "kiem-tra", "sau"


@require_safe
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Entries, latest first, of the units in scope; `?truoc=` is the key below which the page begins.

    With `?kiem-tra` the chain is worked out anew as well: of every unit, as it is one; of what entries say
    nothing is told. `?sau=` is the link behind which that goes on.
    """
    require_read(request.user)
    form = AskedForm(request.GET)
    asked = form.asked()
    below = Key.read(request.GET.get("truoc", ""))
    found = entries(asked, below=below, limit=SIZE + 1, readable=readable(request.user))
    lines = lines_of(found[:SIZE])
    context = {
        "form": form,
        "lines": lines,
        "unit": next((line.unit for line in lines), None) if asked.unit_id else None,
        "asked": asked,
        "kind": kind_of(asked.object_kind),
        "is_first": below is None,
        "proof": _proof(request) if VERIFY in request.GET else None,
        "older": str(Key.of(found[SIZE - 1])) if len(found) > SIZE else "",
    }
    return render(request, "audit/log.html", context)


def _proof(request: HttpRequest) -> Part:
    with whole_log():
        return prove_part(whole_number(request.GET.get(BEHIND)) or 0)
