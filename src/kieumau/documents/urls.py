"""Addresses of documents."""

from django.urls import path

from kieumau.documents import file_views, views

urlpatterns = [
    path("don-vi/<int:unit_id>/van-ban/", views.shelf, name="shelf"),
    path("don-vi/<int:unit_id>/van-ban/moi/", views.document_new, name="document_new"),
    path("van-ban/<int:document_id>/", views.document, name="document"),
    path("van-ban/<int:document_id>/sua/", views.document_edit, name="document_edit"),
    path("van-ban/<int:document_id>/xoa/", views.document_delete, name="document_delete"),
    path("van-ban/<int:document_id>/tep/", file_views.document_files, name="document_files"),
    path("tep/<int:file_id>/", file_views.file, name="file"),
    path("tep/<int:file_id>/go/", file_views.file_remove, name="file_remove"),
]
