"""Addresses of the exports."""

from django.urls import path

from kieumau.exports import views

urlpatterns = [
    path("du-lieu/", views.exports, name="exports"),
    path("du-lieu/so-lieu/", views.export_figures, name="export_figures"),
    path("du-lieu/ket-qua/", views.export_verdicts, name="export_verdicts"),
]
