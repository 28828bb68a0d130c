"""The style guide, for debug only: the composition root decides whether to include it."""

from django.urls import path

from kieumau.web.views import styleguide

urlpatterns = [path("", styleguide, name="styleguide")]
