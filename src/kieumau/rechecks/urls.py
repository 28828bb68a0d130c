"""Addresses of re-checks."""

from django.urls import path

from kieumau.rechecks import views

urlpatterns = [
    path("phuc-tra/", views.rechecks, name="rechecks"),
    path("phuc-tra/<int:draw_id>/", views.recheck_drawn, name="recheck_drawn"),
    path("phuc-tra/muc/<int:recheck_id>/", views.recheck, name="recheck"),
    path("phuc-tra/dot/<int:round_id>/", views.inflation, name="inflation"),
    path("phuc-tra/dot/<int:round_id>/rut-mau/", views.recheck_draw, name="recheck_draw"),
]
