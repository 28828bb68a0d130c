"""An agency's sign-on by OpenID Connect: it lets in whom an invitation has bound to it, and nobody else."""

from typing import Any

from allauth.account.adapter import get_adapter as get_accounts
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.signing import invitations, verbs
from kieumau.accounts.signing.invitations import InvitationIsOver
from kieumau.accounts.signing.models import Invitation
from kieumau.audit import actions as audit
from kieumau.kernel.messages import Refused

_EXPECTED = "invitation"


def expect(request: HttpRequest, invitation: Invitation | None) -> None:
    """Note that this browser holds the link of an invitation, for when it comes back from the agency."""
    if invitation is None:
        request.session.pop(_EXPECTED, None)
    else:
        request.session[_EXPECTED] = invitation.pk


class Agencies(DefaultSocialAccountAdapter):
    """What is done with who an agency says somebody is."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The agency of the settings alone: a row in a table must never let anybody in."""
        found = []
        for kind, said in settings.SOCIALACCOUNT_PROVIDERS.items():
            for app in said["APPS"]:
                is_it = provider in {None, kind, app["provider_id"]} and client_id in {None, app["client_id"]}
                if is_it:
                    found.append(SocialApp(provider=kind, **app))
        return found

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: Any
    ) -> AbstractBaseUser | None:
        """Nothing the agency tells is kept but its lasting id: names and addresses are not needed here."""
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        user: AbstractBaseUser | None = sociallogin.user
        return user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: whoever is not bound yet and holds no invitation is turned away in words."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind the agency's account to an invited one; refuse any other way of binding."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(_turned_away(request))
        invited = request.session.pop(_EXPECTED, None)
        if sociallogin.is_existing or invited is None:
            return
        now = timezone.now()
        try:
            with transaction.atomic():
                user = invitations.accept(invitation_id=invited, password=None, now=now)
                sociallogin.connect(request, user)
                audit.record(actor=user, verb=verbs.LINK, now=now)
        except (InvitationIsOver, Refused):
            raise ImmediateHttpResponse(render(request, "signing/invitation_over.html", status=410)) from None

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to one's account."""
        return "/tai-khoan/"

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Told like every other change."""
        get_accounts(self.request).send_notification_mail(template_prefix, user)


def _turned_away(request: HttpRequest) -> Any:
    return render(request, "account/signup_closed.html", status=403)
