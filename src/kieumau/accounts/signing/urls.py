"""Addresses of signing in, of one's account and of invitations.

The sign-in library finds its pages by its own names, which stand here beside ours; its sign-up, its mail
addresses and its “connections” are not mounted, or lead to one's account.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as agency
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from kieumau.accounts.signing import closing_views, invitation_views, mails, views
from kieumau.web.giving_back import never

View = Callable[..., Any]


def _for_all(view: View) -> View:
    return never(login_not_required(never_cache(view)))


def _own(view: View) -> View:
    """Of one's own account: passwords and codes."""
    return never(login_required(never_cache(view)))


_TO_ACCOUNT = _own(RedirectView.as_view(pattern_name="account"))
_ASK = accounts.PasswordResetView.as_view(extra_context={"mail_is_sent": mails.are_sent})

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", _for_all(accounts.login), name="login"),
    path("dang-nhap/", _for_all(accounts.login), name="account_login"),
    path("dang-nhap/ma/", _for_all(factors.authenticate), name="mfa_authenticate"),
    path("dang-nhap/khoa/", _for_all(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("dang-nhap/da-dong/", _for_all(accounts.account_inactive), name="account_inactive"),
    path("dang-nhap/thoi/", _for_all(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("dang-nhap/loi/", _for_all(social.login_error), name="socialaccount_login_error"),
    path("dang-nhap/co-quan/<slug:provider_id>/", _for_all(agency.login), name="openid_connect_login"),
    path(
        "dang-nhap/co-quan/<slug:provider_id>/xong/",
        _for_all(agency.callback),
        name="openid_connect_callback",
    ),
    path("dang-xuat/", login_not_required(LogoutView.as_view()), name="logout"),
    path("quen-mat-khau/", _for_all(_ASK), name="account_reset_password"),
    path("quen-mat-khau/da-gui/", _for_all(accounts.password_reset_done), name="account_reset_password_done"),
    path(
        "quen-mat-khau/xong/",
        _for_all(accounts.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^quen-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _for_all(accounts.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/xac-thuc/", _TO_ACCOUNT, name="mfa_index"),
    path("tai-khoan/thu/", _TO_ACCOUNT, name="account_email"),
    path("tai-khoan/co-quan/", _TO_ACCOUNT, name="socialaccount_connections"),
    path("tai-khoan/mat-khau/", _own(accounts.password_change), name="account_change_password"),
    path("tai-khoan/mat-khau/dat/", _own(accounts.password_set), name="account_set_password"),
    path("tai-khoan/xac-nhan/", _own(accounts.reauthenticate), name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", _own(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "tai-khoan/xac-nhan/khoa/", _own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("tai-khoan/ma-mot-lan/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("tai-khoan/ma-mot-lan/tat/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("tai-khoan/ma-du-phong/", _own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "tai-khoan/ma-du-phong/moi/",
        _own(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "tai-khoan/ma-du-phong/tai/",
        _own(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("tai-khoan/khoa/", _own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("tai-khoan/khoa/them/", _own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("tai-khoan/khoa/<int:pk>/ten/", _own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("tai-khoan/khoa/<int:pk>/bo/", _own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("tai-khoan/phien/", views.session_list, name="sessions"),
    path("tai-khoan/phien/khac/", views.sessions_end_others, name="sessions_end_others"),
    path("tai-khoan/phien/<int:session_id>/", views.session_end, name="session_end"),
    path("don-vi/<int:unit_id>/loi-moi/", invitation_views.unit_invitations, name="unit_invitations"),
    path(
        "don-vi/<int:unit_id>/loi-moi/<int:invitation_id>/thu-hoi/",
        invitation_views.invitation_take_back,
        name="invitation_take_back",
    ),
    path("quyen/nguoi/<int:user_id>/dong/", closing_views.person_close, name="person_close"),
    path("loi-moi/<str:secret>/", invitation_views.invitation, name="invitation"),
]
