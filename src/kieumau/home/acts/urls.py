"""Addresses of the pages of acts."""

from django.urls import path

from kieumau.home.acts import views

urlpatterns = [
    path("don-vi/thay-doi/", views.acts, name="acts"),
    path("don-vi/thay-doi/moi/", views.new_act, name="new_act"),
    path("don-vi/thay-doi/<int:change_id>/", views.act, name="act"),
    path("don-vi/thay-doi/<int:change_id>/hoan-tac/", views.undo_act, name="undo_act"),
]
