"""Addresses of the pages that look across domains."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
