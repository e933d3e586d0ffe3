"""What a load balancer and a monitoring system ask: alive, ready, numbers."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process takes requests; a supervisor restarts it when it does not."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, Valkey and migrations are there, else 503 naming what is not."""
    answers = {"database": _database(), "redis": _redis(), "migrations": _migrations()}
    ready = all(answer == "ok" for answer in answers.values())
    return JsonResponse({"ready": ready, **answers}, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus's text format."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


_known: set[tuple[str, str]] = set()


def missing_migrations(alias: str) -> int:
    """Return how many migrations of this source the database has not seen."""
    if not _known:
        _known.update(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return len(_known - set(MigrationRecorder(connections[alias]).applied_migrations()))


def _migrations() -> str:
    try:
        missing = missing_migrations("default")
    except DatabaseError:
        return "unknown"
    return "ok" if not missing else f"{missing} not applied"
