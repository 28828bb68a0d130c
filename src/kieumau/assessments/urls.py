"""Addresses of the pages about verdicts.

Below `bo-tieu-chi/<code>/<version>/` stand criteria and nothing else: any word may be the code of one.
"""

from django.urls import path

from kieumau.assessments import judge_views, views

urlpatterns = [
    path("xet-don-vi/<code:code>/<int:version>/", judge_views.judge, name="judge"),
    path("bo-tieu-chi/<code:code>/<int:version>/<code:criterion>/", views.criterion, name="criterion"),
    path(
        "don-vi/<int:unit_id>/tieu-chi/<code:code>/<int:version>/<code:criterion>/",
        views.explanation,
        name="explanation",
    ),
]
