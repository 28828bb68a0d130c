"""A few addresses of its own, so that the frame is tested without any page of the packages above it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kieumau.web.views import styleguide


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def forbids(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def refuses(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


@login_not_required
def welcomes(request: HttpRequest) -> HttpResponse:
    return HttpResponse("welcome")


urlpatterns = [
    path("style/", styleguide),
    path("fails/", fails),
    path("forbids/", forbids),
    path("refuses/", refuses),
    path("welcomes/", welcomes),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("dang-nhap/", LoginView.as_view(template_name="web/message.html"), name="login"),
    path("tai-khoan/", welcomes, name="account"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
]
