"""Every setting, readable top to bottom. Places differ by environment variables, not by files.

Without any variable this is one machine of one's own: servers and secrets live in HELPDESK_DATA_DIR
(see embedded.py and keyring.py). ``docs/settings.md`` lists the variables.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from helpdesk.embedded import APP_ROLE, OWNER_ROLE, Embedded, default_data_dir
from helpdesk.keyring import read_keyring
from helpdesk.logs import structlog_settings
from helpdesk.running import broker_url, demo_secret, running_base_url, sandbox_url

env = environ.Env()

# --- The place ---------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = default_data_dir()
EMBEDDED = Embedded(DATA_DIR)
#: "local" is one machine of one's own; "production" insists on secrets from the environment.
ENVIRONMENT = env("HELPDESK_ENV", default="local")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)
#: Whether outbound calls go to the local provider sandbox.
DEMO = env.bool("HELPDESK_DEMO", default=False)

# --- Secrets -----------------------------------------------------------------------------------

SECRET_KEY = env("SECRET_KEY", default="")
#: Newest first: the first one encrypts, all of them decrypt.
FERNET_KEYS = env.list("FERNET_KEYS", default=[])
if PRODUCTION and not (SECRET_KEY and FERNET_KEYS):
    raise ImproperlyConfigured(
        "HELPDESK_ENV is production: set SECRET_KEY and FERNET_KEYS, generated ones are refused."
    )
SECRET_KEY = SECRET_KEY or read_keyring(DATA_DIR)["secret_key"]
FERNET_KEYS = FERNET_KEYS or [read_keyring(DATA_DIR)["fernet_key"]]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Where people find us ----------------------------------------------------------------------

BASE_URL = env("BASE_URL", default=running_base_url(DATA_DIR)).rstrip("/")
_BASE = urlsplit(BASE_URL)
SECURE = _BASE.scheme == "https"
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_BASE.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
ROOT_URLCONF = "helpdesk.urls"
ASGI_APPLICATION = "helpdesk.asgi.application"
WSGI_APPLICATION = "helpdesk.wsgi.application"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = False  # the proxy in front does it; a redirect here would break its probes
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE else 0)
#: A proxy in front sets X-Forwarded-Proto and appends to X-Forwarded-For.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

# --- Applications ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "helpdesk.apps.HelpdeskConfig",
    "channels_app.apps.ChannelsAppConfig",
    "ai_agent.apps.AiAgentConfig",
    "analytics.apps.AnalyticsConfig",
    "inbox.apps.InboxConfig",
    "identity.apps.IdentityConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_vite",
    "django_structlog",
    "channels",
    "csp",
]

MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "identity.middleware.DoorMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "identity.middleware.WorkspaceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- The ledger --------------------------------------------------------------------------------
# "default" is the product's plain role, to which row-level security applies; "owner" owns the tables
# and runs migrations. Both see the same database. A hundred connections in all: 12 for each web
# process, 4 for each of a worker's two processes, the rest for operators and migrations.


def _database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = env.db_url_config(url)
    # The health check spares people an error page for each connection that a restart of PostgreSQL
    # cut; it costs one empty round trip when a connection is taken.
    # What helpdesk.foundation.rows executes is prepared at once; the mapper's statements never are.
    # A pooler in front that hands connections round by transaction needs DATABASE_PREPARE=off.
    prepare = {"prepare_threshold": 0 if env.bool("DATABASE_PREPARE", default=True) else None}
    return {
        **config,
        "OPTIONS": {**config.get("OPTIONS", {}), **prepare},
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


_app_url = env("DATABASE_URL", default="")
_owner_url = env("DATABASE_OWNER_URL", default="")
DATABASES = {"default": _database(_app_url or EMBEDDED.database_url(APP_ROLE))}
# A web process on a server of one's own is given no owner, and needs none.
if _owner_url or not _app_url:
    DATABASES["owner"] = _database(_owner_url or EMBEDDED.database_url(OWNER_ROLE))
_pool_size = env.int("DATABASE_POOL_SIZE", default=12)
if _pool_size:  # 0: connect for each use, for short commands
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {
            "min_size": 0,
            "max_size": _pool_size,
            "num_workers": 1,
            "timeout": 10,
            # A waiting connection costs PostgreSQL a process: give it back after a minute.
            "max_idle": 60,
        },
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Wake-ups, sockets, cache: Valkey holds nothing that must not be lost -----------------------

REDIS_URL = env("REDIS_URL", default="") or EMBEDDED.redis_url
CACHES = {
    "default": {
        "BACKEND": "helpdesk.foundation.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "helpdesk",
        "OPTIONS": {
            # Rate limits may pause while Valkey restarts; signing in and answering may not.
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
        },
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's task comes back after this many seconds; the sweepers are faster.
    "visibility_timeout": 600,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "health_check_interval": 10,
    "global_keyprefix": "celery:",
    # Publishing from a request gives up quickly: the row is there and the sweeper finds it.
    "retry_policy": {"max_retries": 0},
}
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task goes on when Valkey goes away: ending it in the middle of a send would leave that unconfirmed.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # kB; a parser that hoarded is replaced
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "channels_app.drain_inbound": {"queue": "inbound"},
    "channels_app.drain_outbound": {"queue": "outbound"},
}
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_QUEUES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
#: A task rung for this often shows that beat, Valkey and worker work together (helpdesk/celery.py).
CELERY_HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", default=15.0)
CELERY_SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5.0)  # how long a lost wake-up may cost
CELERY_DEMO_SHOPS = DEMO  # a worker connects the demo's workspaces to the sandbox's shops
CELERY_HEARTBEAT_FILE = str(DATA_DIR / "heartbeat")
# CELERY_BEAT_SCHEDULE is the one visible dict in helpdesk/celery.py.

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "identity.adapters.AccountAdapter"
MFA_ADAPTER = "identity.adapters.MfaAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True  # agents come back every morning; the sessions page signs them out
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Helpdesk"
# Browsers allow passkeys over plain HTTP on localhost only, and so do we.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE and _BASE.hostname == "localhost"
USERSESSIONS_TRACK_ACTIVITY = False  # a write for every request buys only a fresher "last seen"

# --- API ---------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Helpdesk API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields called "kind" or "direction" have several sets of values: each set gets one name.
    "ENUM_NAME_OVERRIDES": {
        "ChannelKind": "inbox.models.ChannelKind.choices",
        "PointKind": "identity.models.PointKind.choices",
        "AuthorKind": "inbox.models.AuthorKind.choices",
        "Direction": "inbox.models.Direction.choices",
        "TimelineKind": "inbox.api.timeline.KINDS",
        "WorkState": "helpdesk.foundation.ledger.WorkState.choices",
        "Status": "inbox.models.Status.choices",
        "Priority": "inbox.models.Priority.choices",
        "DeliveryState": "inbox.models.DeliveryState.choices",
        "AiState": "inbox.models.AiState.choices",
        "Role": "identity.models.Role.choices",
        "ParcelState": "inbox.api.serializers.shop.PARCEL_STATES",
        "ReturnState": "inbox.api.serializers.shop.RETURN_STATES",
    },
}
# --- Browsers ----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
#: Vite puts a hash into these names, so browsers may keep them for ever.
STATIC_IMMUTABLE = r"^/static/dist/.+[-.][\w-]{8,}\.\w+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "static" / "dist" / "manifest.json",
        "static_url_prefix": "dist",
    }
}

# --- Files and mail ----------------------------------------------------------------------------

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"  # never mounted: attachments leave through a signed path with safe types
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A worker that dies gives its rows back after the lease; an outbound one has to outlast a slow server.
INBOUND_LEASE_SECONDS = env.float("INBOUND_LEASE_SECONDS", default=60.0)
OUTBOUND_LEASE_SECONDS = env.float("OUTBOUND_LEASE_SECONDS", default=150.0)
#: Waits between attempts to send; a greylisting server wants five minutes, a broken one patience.
OUTBOUND_RETRY_SECONDS = env.list(
    "OUTBOUND_RETRY_SECONDS",
    cast=float,
    default=[30, 120, 600, 1800, 3600, 7200, 14_400, 14_400, 14_400, 14_400],
)
#: A provider that asks for a longer pause than this is asked again all the same.
OUTBOUND_LONGEST_PAUSE_SECONDS = env.float("OUTBOUND_LONGEST_PAUSE_SECONDS", default=14_400.0)
HOOK_MAX_BYTES = env.int("HOOK_MAX_BYTES", default=50 * 1024 * 1024)  # a mail with its attachments
DATA_UPLOAD_MAX_MEMORY_SIZE = HOOK_MAX_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

#: Mail to our own people (invitations, resets). Customers' mail leaves through a channel's sender.
EMAIL_CONFIG = env.email_url_config(env("EMAIL_URL", default="consolemail://"))
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"helpdesk@{_BASE.hostname}")

#: Dotted path of a function (name, bytes) that returns why a visitor's file is refused, or "".
CHAT_FILE_SCANNER = env("CHAT_FILE_SCANNER", default="")

# --- Shops -------------------------------------------------------------------------------------

#: The app's id and secret from Shopify's Dev Dashboard; empty: no shop can be connected.
SHOPIFY_API_KEY = env("SHOPIFY_API_KEY", default="")
SHOPIFY_API_SECRET = env("SHOPIFY_API_SECRET", default="")
SHOPIFY_OLD_API_SECRET = env("SHOPIFY_OLD_API_SECRET", default="")  # still accepted, in rotation
#: One pinned version; bumped every quarter together with the documents and shopify.app.toml.
SHOPIFY_API_VERSION = env("SHOPIFY_API_VERSION", default="2026-10")
#: Where a shop answers; ``{shop}`` is its full domain.
SHOPIFY_BASE_URL = env("SHOPIFY_BASE_URL", default="https://{shop}")
SHOPIFY_APP_BRIDGE_URL = env(
    "SHOPIFY_APP_BRIDGE_URL", default="https://cdn.shopify.com/shopifycloud/app-bridge.js"
)
#: Hints wait this long, so that many changes of one order become one reading of it.
SHOPIFY_HINT_SECONDS = env.float("SHOPIFY_HINT_SECONDS", default=1.5)
if DEMO:
    SHOPIFY_API_KEY = SHOPIFY_API_KEY or demo_secret(SECRET_KEY, "shopify-key")
    SHOPIFY_API_SECRET = SHOPIFY_API_SECRET or demo_secret(SECRET_KEY, "shopify-secret")
    _shops = f"{sandbox_url(DATA_DIR)}/shopify"
    SHOPIFY_BASE_URL = env("SHOPIFY_BASE_URL", default=f"{_shops}/{{shop}}")
    SHOPIFY_APP_BRIDGE_URL = env("SHOPIFY_APP_BRIDGE_URL", default=f"{_shops}/app-bridge.js")

# --- Words and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- Logs --------------------------------------------------------------------------------------

LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = None  # helpdesk.logs configures stdlib and structlog together
structlog_settings(
    level=LOG_LEVEL,
    as_json=env.bool("LOG_JSON", default=PRODUCTION),
    times=env.bool("LOG_TIMES", default=True),
)
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # one line for each request, at its end
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

SILENCED_SYSTEM_CHECKS: list[str] = []
