"""Addresses of programmes."""

from django.urls import path

from kieumau.programmes import edit_views, row_views, views

_ONE = "chuong-trinh/<slug:code>/"

urlpatterns = [
    path("chuong-trinh/", views.programmes, name="programmes"),
    path("chuong-trinh/moi/", edit_views.programme_new, name="programme_new"),
    path(_ONE, views.programme, name="programme"),
    path(f"{_ONE}sua/", edit_views.programme_edit, name="programme_edit"),
    path(f"{_ONE}ke-hoach/", views.plan, name="programme_plan"),
    path(f"{_ONE}don-vi/", views.members, name="programme_members"),
    path(f"{_ONE}don-vi/chon/", edit_views.members_choose, name="members_choose"),
    path(f"{_ONE}kinh-phi/", views.money, name="programme_money"),
    path(f"{_ONE}<slug:slug>/moi/", row_views.row_new, name="programme_row_new"),
    path(f"{_ONE}<slug:slug>/<int:row_id>/", row_views.row_edit, name="programme_row"),
    path(f"{_ONE}<slug:slug>/<int:row_id>/bo/", row_views.row_remove, name="programme_row_remove"),
]
