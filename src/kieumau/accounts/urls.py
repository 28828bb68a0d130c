"""Addresses of roles."""

from django.urls import path

from kieumau.accounts import role_views

urlpatterns = [
    path("quyen/", role_views.people, name="roles"),
    path("quyen/vi-sao/", role_views.why, name="why"),
    path("quyen/<int:grant_id>/ket-thuc/", role_views.end, name="role_end"),
]
