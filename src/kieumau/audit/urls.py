"""Address of the log."""

from django.urls import path

from kieumau.audit import views

urlpatterns = [path("nhat-ky/", views.log, name="audit_log")]
