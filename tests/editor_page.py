"""A page with both editors and nothing else, for the browser tests of the editor itself."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from kieumau.config.urls import urlpatterns as all_patterns
from kieumau.criteria.tests.sets import SMALL

PAGE = """{% extends "web/base.html" %}
{% block title %}Editor{% endblock %}
{% block content %}
<h1>Editor</h1>
<form method="post">{% csrf_token %}
<div><label for="formula">Công thức</label>
{% include "criteria/editor.html" with language="formula" id="formula" name="formula" criteria=criteria %}
</div>
<div><label for="text">Bộ tiêu chí</label>
{% include "criteria/editor.html" with language="yaml" id="text" name="text" value=text rows=20 %}
</div>
<button class="btn btn-primary">Lưu</button>
</form>
{% endblock %}
"""


def editors(request: HttpRequest) -> HttpResponse:
    """An empty formula and a small sound set; what is sent comes back as it came."""
    if request.method == "POST":
        return HttpResponse(request.POST["formula"], content_type="text/plain")
    page = engines["django"].from_string(PAGE)
    return HttpResponse(
        page.render({"criteria": ["1", "2", "3"], "text": SMALL.replace("civil", "nd09")}, request)
    )


urlpatterns = [path("soan-thu/", editors, name="editors"), *all_patterns]
