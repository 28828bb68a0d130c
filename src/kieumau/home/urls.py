"""Addresses of the pages that look across domains."""

from django.urls import include, path

from kieumau.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("kieumau.home.acts.urls")),
    path("don-vi/<int:unit_id>/", views.unit, name="unit"),
    path("don-vi/<int:unit_id>/so-lieu/<str:indicator>/", views.figure, name="figure"),
    path("tim/", views.search, name="search"),
]
