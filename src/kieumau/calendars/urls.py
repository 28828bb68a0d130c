"""Addresses of the calendars."""

from django.urls import path

from kieumau.calendars import views

urlpatterns = [path("ngay-nghi/", views.days_off, name="days_off")]
