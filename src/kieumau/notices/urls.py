"""Addresses of the inbox."""

from django.urls import path

from kieumau.notices import views

urlpatterns = [
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.notices_read, name="notices_read"),
    path("thong-bao/tuy-chon/", views.notice_wishes, name="notice_wishes"),
    path("thong-bao/<int:notice_id>/", views.notice, name="notice"),
]
