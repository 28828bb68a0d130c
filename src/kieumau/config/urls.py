"""Every address of the product, package by package."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from kieumau.web.choosing import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kieumau.home.urls")),
    path("", include("kieumau.criteria.urls")),
    path("", include("kieumau.trials.urls")),  # before criteria by code, as which a draft could be read
    path("", include("kieumau.assessments.urls")),
    path("", include("kieumau.returns.urls")),
    path("", include("kieumau.notices.urls")),
    path("", include("kieumau.documents.urls")),
    path("", include("kieumau.assignments.urls")),
    path("", include("kieumau.programmes.urls")),
    path("", include("kieumau.rounds.urls")),
    path("", include("kieumau.rechecks.urls")),
    path("", include("kieumau.awards.urls")),
    path("", include("kieumau.calendars.urls")),
    path("", include("kieumau.quality.urls")),
    path("", include("kieumau.exports.urls")),
    path("", include("kieumau.audit.urls")),
    path("", include("kieumau.accounts.urls")),
    path("", include("kieumau.accounts.signing.urls")),
    path("api/v1/", include("kieumau.api.urls")),
    path("ngon-ngu/setlang/", choose_language, name="set_language"),
]
handler403 = "kieumau.accounts.role_views.denied"
if settings.DEBUG:
    urlpatterns.append(path("style/", include("kieumau.web.urls")))
