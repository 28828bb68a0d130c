"""Addresses of re-checks."""

from django.urls import path

from kieumau.rechecks import views

urlpatterns = [
    path("kiem-tra-xac-suat/", views.rechecks, name="rechecks"),
    path("kiem-tra-xac-suat/<int:draw_id>/", views.recheck_drawn, name="recheck_drawn"),
    path("kiem-tra-xac-suat/muc/<int:recheck_id>/", views.recheck, name="recheck"),
    path("kiem-tra-xac-suat/dot/<int:round_id>/", views.inflation, name="inflation"),
    path("kiem-tra-xac-suat/dot/<int:round_id>/rut-mau/", views.recheck_draw, name="recheck_draw"),
]
