"""Addresses of the exports."""

from django.urls import path

from kieumau.exports import form_views, token_views, views

urlpatterns = [
    path("du-lieu/", views.exports, name="exports"),
    path("du-lieu/so-lieu/", views.export_figures, name="export_figures"),
    path("du-lieu/ket-qua/", views.export_verdicts, name="export_verdicts"),
    path("du-lieu/ma-truy-cap/", token_views.tokens, name="tokens"),
    path("du-lieu/ma-truy-cap/<int:token_id>/thu-hoi/", token_views.token_revoke, name="token_revoke"),
    path("bieu-mau/", form_views.forms, name="forms"),
    path("bieu-mau/tai-ve/", form_views.form_download, name="form_download"),
    path("bieu-mau/nop/", form_views.form_upload, name="form_upload"),
]
