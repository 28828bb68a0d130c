"""The log for those who may read it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kieumau.audit.access import readable, require_read
from kieumau.audit.forms import AskedForm
from kieumau.audit.lines import lines_of
from kieumau.audit.parts import kind_of
from kieumau.audit.queries import Key, entries

SIZE = 50


@require_safe
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Entries, latest first, of the units in scope; `?truoc=` is the key below which the page begins."""
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
        "older": str(Key.of(found[SIZE - 1])) if len(found) > SIZE else "",
    }
    return render(request, "audit/log.html", context)
