"""Addresses of the checks over the store."""

from django.urls import path

from kieumau.quality import views

urlpatterns = [
    path("ra-soat/", views.checks, name="quality"),
    path("ra-soat/chay-ngay/", views.check_now, name="quality_check_now"),
    path("ra-soat/<slug:code>/", views.check, name="quality_check"),
]
