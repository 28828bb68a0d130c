"""Addresses of the criteria sets."""

from django.urls import path, register_converter

from kieumau.criteria import views


class CodeConverter:
    """The code of a set or a criterion in an address: what `rules.Code` allows."""

    regex = r"[a-z0-9][a-z0-9.-]{0,39}"

    def to_python(self, value: str) -> str:
        """The code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it stands."""
        return value


register_converter(CodeConverter, "code")

urlpatterns = [
    path("bo-tieu-chi/", views.criteria_sets, name="criteria_sets"),
    path("bo-tieu-chi/<code:code>/<int:version>/", views.criteria_set, name="criteria_set"),
]
