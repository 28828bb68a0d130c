"""Settings of one installation. Everything that differs between places comes from the environment.

`DATABASE_URL`        the user's own PostgreSQL; without it the supervisor starts a local one
`KIEUMAU_HOME`        where the trial keeps its database and its secret (default: `.kieumau`)
`KIEUMAU_SECRET_KEY`  required when `KIEUMAU_HOSTS` is set; otherwise kept in the home folder
`KIEUMAU_HOSTS`       host names to answer to, separated by commas (default: loopback only)
`KIEUMAU_OPEN_READING` `1`: pages may be read without signing in (the demo); default closed
`KIEUMAU_FILES`       folder of uploaded files (default: `files` in the home folder), or `s3://bucket/prefix`
`KIEUMAU_S3_…`        `ENDPOINT`, `REGION`, `KEY`, `SECRET` of that bucket's store
`KIEUMAU_FILE_MB`     the largest file that is taken (default 25); `KIEUMAU_BODY_MB` the largest request (200)
`KIEUMAU_CLAMD`       virus scanner, `unix:/path` or `tcp:host:port`; named, it must say OK to every file
`KIEUMAU_OIDC`        an agency's sign-on: address of its OpenID Connect issuer; with `KIEUMAU_OIDC_CLIENT`,
                      `KIEUMAU_OIDC_SECRET` and `KIEUMAU_OIDC_NAME`, what it is called on the page
`KIEUMAU_SECOND_FACTOR` roles that need a second factor, by commas (`superuser` is one of them)
`KIEUMAU_PROXIES`     how many proxies stand before the server, whose `X-Forwarded-For` is believed (0)
`KIEUMAU_SMTP`        mail server, `smtp://name:password@host:587` or `smtps://…:465`; without it no mail
`KIEUMAU_MAIL_FROM`   the sender of mails
`KIEUMAU_ADDRESS`     where the pages are found from outside, `https://host`, for links in mails
`KIEUMAU_DEBUG`       `1`: Django's debug pages and the style guide
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from kieumau.kernel.yamlfile import MAX_BYTES
from kieumau.supervisor import database_url

PACKAGE = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE.parent.parent
HOME = Path(os.environ.get("KIEUMAU_HOME", BASE_DIR / ".kieumau"))


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def _secret_key(hosts: list[str]) -> str:
    """The signing key: from the environment in production, made once and kept for a trial."""
    if key := os.environ.get("KIEUMAU_SECRET_KEY"):
        return key
    if hosts:
        raise ImproperlyConfigured("KIEUMAU_SECRET_KEY must be set where KIEUMAU_HOSTS is set.")
    path = HOME / "secret"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _role() -> dict[str, str]:
    """Who serves pages owns nothing (docs/operations/database-roles.md); `kieumau serve` asks for it."""
    return {"assume_role": "kieumau_serving"} if _is_on("KIEUMAU_SERVING") else {}


def _database(url: str) -> dict[str, Any]:
    """Django's database settings for a libpq address (`postgresql://…`)."""
    parts = conninfo_to_dict(url)
    name = str(parts.pop("dbname", "") or "kieumau")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": str(parts.pop("user", "") or ""),
        "PASSWORD": str(parts.pop("password", "") or ""),
        "HOST": str(parts.pop("host", "") or ""),
        "PORT": str(parts.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in parts.items() if value is not None} | _role(),
        "TEST": {"NAME": os.environ.get("KIEUMAU_TEST_DB", f"test_{name}")},
    }


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


_hosts = [host.strip() for host in os.environ.get("KIEUMAU_HOSTS", "").split(",") if host.strip()]


def _agencies(issuer: str) -> list[dict[str, Any]]:
    """The agency whose sign-on is believed, for the sign-in library; none without an issuer."""
    if not issuer:
        return []
    if _hosts and not issuer.startswith("https://"):
        raise ImproperlyConfigured("KIEUMAU_OIDC must be an https address: what it says is believed.")
    return [
        {
            "provider_id": "agency",
            "name": os.environ.get("KIEUMAU_OIDC_NAME", urlsplit(issuer).hostname),
            "client_id": os.environ["KIEUMAU_OIDC_CLIENT"],
            "secret": os.environ.get("KIEUMAU_OIDC_SECRET", ""),
            "settings": {"server_url": issuer},
        }
    ]


DEBUG = _is_on("KIEUMAU_DEBUG")
SECRET_KEY = _secret_key(_hosts)
ALLOWED_HOSTS = _hosts or ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": _database(database_url())}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
    "procrastinate.contrib.django",
    "kieumau.accounts.signing",  # its pages stand before the library's own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "kieumau.web",
    "kieumau.audit",
    "kieumau.calendars",
    "kieumau.units",
    "kieumau.accounts",
    "kieumau.notices",
    "kieumau.documents",
    "kieumau.assignments",
    "kieumau.indicators",
    "kieumau.returns",
    "kieumau.criteria",
    "kieumau.programmes",
    "kieumau.assessments",
    "kieumau.trials",
    "kieumau.quality",
    "kieumau.exports",
    "kieumau.rounds",
    "kieumau.rechecks",
    "kieumau.awards",
    "kieumau.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kieumau.audit.middleware.NamedRequest",
    # The tables of a province are 180 kB of text; tokens in pages are masked anew each time.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kieumau.web.middleware.ChosenLanguage",
    "kieumau.web.body_limit.BodyWithinLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kieumau.accounts.middleware.WorksForThePerson",
    "kieumau.web.middleware.ClosedUnlessOpened",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kieumau.accounts.signing.middleware.SignedInWell",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kieumau.web.middleware.AnswersBrowsers",
]

ROOT_URLCONF = "kieumau.config.urls"
WSGI_APPLICATION = "kieumau.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kieumau.web.context_processors.page",
            ],
            "builtins": ["kieumau.web.templatetags.kieumau"],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
# The first knows what people may do, and its no is final; the other only finds out who somebody is.
AUTHENTICATION_BACKENDS = [
    "kieumau.accounts.backends.Roles",
    "kieumau.accounts.backends.SignsIn",
]
PASSWORD_HASHERS = [
    "kieumau.accounts.signing.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of before; made anew at the next sign-in
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my_work"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kieumau.accounts.signing.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "kieumau.accounts.signing.passwords.Uncommon"},
]
KIEUMAU_OPEN_READING = _is_on("KIEUMAU_OPEN_READING")

# Signing in: see `accounts.signing` and docs/operations/signing-in.md.
KIEUMAU_SECOND_FACTOR = frozenset(_listed("KIEUMAU_SECOND_FACTOR"))
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KIEUMAU_PROXIES", "0"))
ACCOUNT_ADAPTER = "kieumau.accounts.signing.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # tries are counted in `guessing`, which spares the victim
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # as the page and the mail say
ACCOUNT_FORMS = {
    "login": "kieumau.accounts.signing.forms.SignIn",
    "change_password": "kieumau.accounts.signing.forms.ChangePassword",
    "set_password": "kieumau.accounts.signing.forms.SetPassword",
    "reset_password": "kieumau.accounts.signing.forms.AskForPassword",
    "reset_password_from_key": "kieumau.accounts.signing.forms.NewPasswordByMail",
    "reauthenticate": "kieumau.accounts.signing.forms.Reauthenticate",
}
MFA_ADAPTER = "kieumau.accounts.signing.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Kiểu Mẫu"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _hosts  # on loopback only
MFA_FORMS = {
    "authenticate": "kieumau.accounts.signing.forms.Authenticate",
    "reauthenticate": "kieumau.accounts.signing.forms.ReauthenticateByCode",
    "activate_totp": "kieumau.accounts.signing.forms.ActivateCodes",
    "add_webauthn": "kieumau.accounts.signing.forms.AddPasskey",
    "edit_webauthn": "kieumau.accounts.signing.forms.RenamePasskey",
}
SOCIALACCOUNT_ADAPTER = "kieumau.accounts.signing.agencies.Agencies"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _agencies(os.environ.get("KIEUMAU_OIDC", ""))}
}

_smtp = urlsplit(os.environ.get("KIEUMAU_SMTP", ""))
KIEUMAU_MAIL = bool(_smtp.hostname)
if KIEUMAU_MAIL:
    EMAIL_HOST, EMAIL_PORT = _smtp.hostname, _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 10
KIEUMAU_ADDRESS = os.environ.get("KIEUMAU_ADDRESS", f"https://{_hosts[0]}" if _hosts else "").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("KIEUMAU_MAIL_FROM", f"kieumau@{_hosts[0] if _hosts else 'localhost'}")

KIEUMAU_FILES = os.environ.get("KIEUMAU_FILES", str(HOME / "files"))
KIEUMAU_INCOMING = HOME / "incoming"  # where files wait on their way to a store elsewhere
KIEUMAU_S3 = {
    name: os.environ.get(f"KIEUMAU_S3_{name.upper()}", "") for name in ("endpoint", "region", "key", "secret")
}
KIEUMAU_FILE_MB = int(os.environ.get("KIEUMAU_FILE_MB", "25"))
KIEUMAU_BODY_MB = int(os.environ.get("KIEUMAU_BODY_MB", "200"))
KIEUMAU_CLAMD = os.environ.get("KIEUMAU_CLAMD", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What carries a hash in its name never changes: Django's twelve digits, esbuild's eight signs.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|-[A-Z0-9]{8})\.\w+$"

# A text as large as is promised may be typed: a form sends three characters for each byte beyond ASCII.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * MAX_BYTES + 100_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "kieumau.web.giving_back.forged"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(_hosts)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The nonce is in the header only of pages that asked for one, which are those with an editor.
        "style-src": [SELF, NONCE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
