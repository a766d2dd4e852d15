"""All settings, driven by the environment; a wrong value fails at start with a line that names it."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shopai import embedded
from shopai.environment import env_bool, env_float, env_int, env_list, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = embedded.state_dir()

DEBUG = env_bool("SHOPAI_DEBUG", False)
SECRET_KEY = secret_key(STATE_DIR)
ALLOWED_HOSTS = env_list("SHOPAI_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("SHOPAI_CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_celery_beat",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.work",
    "apps.llm",
    "apps.drafts",
    "apps.imports",
    "apps.products",
    "apps.training",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "shopai.urls"
WSGI_APPLICATION = "shopai.wsgi.application"
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
            ]
        },
    }
]


def _database(url: str) -> dict:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": env_int("SHOPAI_DB_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **query},
    }


DATABASES = {"default": _database(embedded.database_url())}
REDIS_URL = embedded.redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env_bool("SHOPAI_HTTPS", False)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # health checks ask from inside, without TLS
# An hour to begin with: browsers remember it, so raise it once HTTPS is known to work.
SECURE_HSTS_SECONDS = env_int("SHOPAI_HSTS_SECONDS", 3600) if SECURE_SSL_REDIRECT else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to decide about
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("SHOPAI_BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = os.environ.get("SHOPAI_TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["shopai.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(os.environ.get("SHOPAI_MEDIA_DIR", STATE_DIR / "media"))
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CELERY_BROKER_URL = embedded.celery_broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 600
CELERY_WORKER_POOL_START_METHOD = "spawn"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800, "socket_connect_timeout": 5, "socket_timeout": 30}
# A poke that can't be sent is no loss (beat pokes again), so a web request never waits for a dead broker.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"apps.work.tasks.run_slice": {"queue": "model"}}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "work-tick": {"task": "apps.work.tasks.tick", "schedule": env_float("SHOPAI_TICK_SECONDS", 5.0)},
    "publish-due": {"task": "apps.drafts.tasks.publish_due", "schedule": 10.0},
    "resume-audits": {"task": "apps.products.tasks.resume_audits", "schedule": 10.0},
    "notice-rules": {"task": "apps.products.tasks.notice_rules", "schedule": 60.0},
    "notice-ended-exceptions": {"task": "apps.products.tasks.notice_ended_exceptions", "schedule": 120.0},
    "resume-imports": {"task": "apps.imports.tasks.resume_stalled_imports", "schedule": 10.0},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ShopAI",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {"CopyField": "apps.drafts.models.Field.choices"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOG_LEVEL = os.environ.get("SHOPAI_LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}

# The model. A folder or a hub id; nothing else changes between the bundled model and a large one.
SHOPAI_MODEL = os.environ.get("SHOPAI_MODEL", str(BASE_DIR / "weights" / "shopai-mini"))
SHOPAI_MODEL_REVISION = os.environ.get("SHOPAI_MODEL_REVISION", "")
SHOPAI_MODEL_ADAPTER = os.environ.get("SHOPAI_MODEL_ADAPTER", "")
SHOPAI_LLM_BACKEND = os.environ.get("SHOPAI_LLM_BACKEND", "apps.llm.backends.transformers.TransformersBackend")
SHOPAI_LLM_DEVICE = os.environ.get("SHOPAI_LLM_DEVICE", "auto")
SHOPAI_LLM_DTYPE = os.environ.get("SHOPAI_LLM_DTYPE", "auto")
SHOPAI_LLM_BATCH_TOKENS = env_int(
    "SHOPAI_LLM_BATCH_TOKENS", 0
)  # padded tokens in one batch; 0: by what the machine has
SHOPAI_LLM_THREADS = env_int("SHOPAI_LLM_THREADS", 0)  # 0: every core but one

# The queue of work (apps.work).
SHOPAI_LEASE_SECONDS = env_float("SHOPAI_LEASE_SECONDS", 60.0)
SHOPAI_SLICE_SECONDS = env_float("SHOPAI_SLICE_SECONDS", 8.0)
SHOPAI_BATCH_SECONDS = env_float("SHOPAI_BATCH_SECONDS", 1.0)
SHOPAI_MAX_DEATHS = 3

# Review and publication.
SHOPAI_UNDO_SECONDS = env_int("SHOPAI_UNDO_SECONDS", 60)
SHOPAI_CLAIM_SECONDS = env_int("SHOPAI_CLAIM_SECONDS", 600)
SHOPAI_CANDIDATES_BULK = env_int("SHOPAI_CANDIDATES_BULK", 2)
SHOPAI_CANDIDATES_SINGLE = env_int("SHOPAI_CANDIDATES_SINGLE", 4)
SHOPAI_SAMPLE_SIZE = env_int("SHOPAI_SAMPLE_SIZE", 3)
SHOPAI_RULES = [
    "apps.drafts.rules.form.EmptyText",
    "apps.drafts.rules.form.CutOffText",
    "apps.drafts.rules.form.FieldLength",
    "apps.drafts.rules.form.Markup",
    "apps.drafts.rules.form.Repetition",
    "apps.drafts.rules.language.WrongLanguage",
    "apps.drafts.rules.house.ExclamationMarks",
    "apps.drafts.rules.house.Capitals",
    "apps.drafts.rules.house.Emoji",
    "apps.drafts.rules.house.Readability",
    "apps.drafts.rules.house.MixedScripts",
    "apps.drafts.rules.contact.ContactData",
    "apps.drafts.rules.duplicates.NearDuplicate",
    # The first of these three asks whether the word list has changed.
    "apps.drafts.rules.words.BannedWords",
    "apps.drafts.rules.words.Glossary",
    "apps.drafts.rules.words.RequiredPhrases",
    "apps.drafts.rules.packs.Leftovers",
    "apps.drafts.rules.packs.Safety",
    "apps.drafts.rules.packs.LawChina",
    "apps.drafts.rules.packs.LawEurope",
    "apps.drafts.rules.packs.LawUnitedStates",
    "apps.drafts.rules.evidence.UnsupportedNumber",
    "apps.drafts.rules.evidence.SomeVariantsOnly",
    "apps.drafts.rules.evidence.UnsupportedMaterial",
    "apps.drafts.rules.evidence.UnsupportedOrigin",
    "apps.drafts.rules.evidence.UnsupportedCertificate",
    "apps.drafts.rules.evidence.UnsupportedPraise",
    "apps.drafts.rules.evidence.UnsupportedComparison",
    "apps.drafts.rules.evidence.UnsupportedEffect",
    "apps.drafts.rules.evidence.UnsupportedFit",
    "apps.drafts.rules.evidence.UnsupportedFeature",
    "apps.drafts.rules.evidence.UnsupportedName",
]

# Uploads.
SHOPAI_MAX_UPLOAD_BYTES = env_int("SHOPAI_MAX_UPLOAD_BYTES", 2 * 1024**3)
SHOPAI_IMAGE_HOSTS = env_list("SHOPAI_IMAGE_HOSTS", ["cdn.shopify.com", "burst.shopifycdn.com"])

from shopai.admin_settings import UNFOLD  # noqa: E402, F401
