"""Addresses of the pages that look across domains."""

from django.urls import include, path

from kieumau.home import views, work_views

urlpatterns = [
    path("", views.home, name="home"),
    path("viec-cua-toi/", work_views.my_work, name="my_work"),
    path("", include("kieumau.home.acts.urls")),
    path("don-vi/<int:unit_id>/", views.unit, name="unit"),
    path("don-vi/<int:unit_id>/so-lieu/<str:indicator>/", views.figure, name="figure"),
    path("tim/", views.search, name="search"),
]
