"""A few addresses of its own, so that the frame is tested without any page of the packages above it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from kieumau.web.choosing import choose_language
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


@login_not_required
@require_POST
def wants_more(request: HttpRequest) -> HttpResponse:
    return render(request, "web/message.html", status=422 if "reason" in request.POST else 400)


urlpatterns = [
    path("style/gui/", wants_more),
    path("style/", styleguide),
    path("fails/", fails),
    path("forbids/", forbids),
    path("refuses/", refuses),
    path("welcomes/", welcomes),
    path("ngon-ngu/setlang/", choose_language, name="set_language"),
    path("dang-nhap/", LoginView.as_view(template_name="web/message.html"), name="login"),
    path("tai-khoan/", welcomes, name="account"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
]
