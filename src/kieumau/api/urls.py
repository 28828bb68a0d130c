"""Addresses of the read API."""

from kieumau.api.views import urls

app_name = "api"
urlpatterns = urls()
