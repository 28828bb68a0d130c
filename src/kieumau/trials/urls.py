"""Addresses of a draft's trial and of its issuing."""

from django.urls import path

from kieumau.trials import issue_views, views

DRAFT = "bo-tieu-chi/ban-thao/<int:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/thu/", views.trial, name="draft_trial"),
    path(f"{DRAFT}/thu/nguong/", views.slide, name="draft_slide"),
    path(f"{DRAFT}/thu/lay-muc/", views.take, name="draft_take"),
    path(f"{DRAFT}/ban-hanh/", issue_views.issue, name="draft_issue"),
]
