"""Addresses of the pages about verdicts.

Below `bo-tieu-chi/<code>/<version>/` stand criteria and nothing else: any word may be the code of one.
"""

from django.urls import path

from kieumau.assessments import issue_views, trial_views, views

DRAFT = "bo-tieu-chi/ban-thao/<int:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/thu/", trial_views.trial, name="draft_trial"),
    path(f"{DRAFT}/thu/nguong/", trial_views.slide, name="draft_slide"),
    path(f"{DRAFT}/thu/lay-muc/", trial_views.take, name="draft_take"),
    path(f"{DRAFT}/ban-hanh/", issue_views.issue, name="draft_issue"),
    path("xet-don-vi/<code:code>/<int:version>/", issue_views.judge, name="judge"),
    path("bo-tieu-chi/<code:code>/<int:version>/<code:criterion>/", views.criterion, name="criterion"),
    path(
        "don-vi/<int:unit_id>/tieu-chi/<code:code>/<int:version>/<code:criterion>/",
        views.explanation,
        name="explanation",
    ),
]
