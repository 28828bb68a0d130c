"""Addresses of the pages about verdicts."""

from django.urls import path

from kieumau.assessments import issue_views, trial_views, views

DRAFT = "bo-tieu-chi/ban-thao/<int:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/thu/", trial_views.trial, name="draft_trial"),
    path(f"{DRAFT}/thu/nguong/", trial_views.slide, name="draft_slide"),
    path(f"{DRAFT}/thu/lay-muc/", trial_views.take, name="draft_take"),
    path(f"{DRAFT}/ban-hanh/", issue_views.issue, name="draft_issue"),
    path("bo-tieu-chi/<code:code>/<int:version>/xet/", issue_views.judge, name="judge"),
    path("bo-tieu-chi/<code:code>/<int:version>/<code:criterion>/", views.criterion, name="criterion"),
    path(
        "don-vi/<int:unit_id>/tieu-chi/<code:code>/<int:version>/<code:criterion>/",
        views.explanation,
        name="explanation",
    ),
]
