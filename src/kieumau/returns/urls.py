"""Addresses of the returns."""

from django.urls import path

from kieumau.returns import entry_views, views

urlpatterns = [
    path("bao-cao/", views.returns, name="returns"),
    path("bao-cao/<int:return_id>/", entry_views.return_entry, name="return_entry"),
    path("bao-cao/<int:return_id>/giai-trinh/", entry_views.return_explain, name="return_explain"),
    path("bao-cao/<int:return_id>/quyet-dinh/", views.return_decide, name="return_decide"),
    path("don-vi/<int:unit_id>/bao-cao/", views.returns_of_unit, name="returns_of_unit"),
]
