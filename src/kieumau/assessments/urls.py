"""Addresses of the pages about verdicts."""

from django.urls import path

from kieumau.assessments import views

urlpatterns = [
    path("bo-tieu-chi/<code:code>/<int:version>/<code:criterion>/", views.criterion, name="criterion"),
    path(
        "don-vi/<int:unit_id>/tieu-chi/<code:code>/<int:version>/<code:criterion>/",
        views.explanation,
        name="explanation",
    ),
]
