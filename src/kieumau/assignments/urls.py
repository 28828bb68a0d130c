"""Addresses of assignments, visits and directives."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
