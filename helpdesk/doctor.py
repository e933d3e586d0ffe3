"""What an operator wants to know at a glance, as findings with what to do about each."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import redis
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import DatabaseError
from django.utils import timezone

from channels_app.channel_health import channels_with_health
from channels_app.models import InboundEvent
from helpdesk.foundation.ledger import backlog
from helpdesk.health import missing_migrations
from identity.models import Workspace
from identity.services.invitations import mail_is_set_up
from identity.tenancy import tenant_scope
from inbox.models import Delivery

Level = Literal["ok", "note", "trouble"]

#: Rows that wait longer than this are not merely busy times.
LATE = timedelta(minutes=5)
#: The worker's heartbeat may be this old, in seconds.
HEARTBEAT = 90
LOW_DISK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    sentence: str


def examine() -> Iterator[Finding]:
    """Yield findings, the ground first. Without a database the rest can't be looked at."""
    yield from _database()
    yield _valkey()
    yield _worker()
    yield from _files()
    yield _mail()
    yield from _ledgers()
    yield from _channels()


def _database() -> Iterator[Finding]:
    try:
        missing = missing_migrations("default")
    except DatabaseError as error:
        yield Finding("trouble", "database", f"It does not answer: {error}".strip())
        return
    if missing:
        yield Finding(
            "trouble", "database", f"{missing} migrations are missing: manage.py migrate."
        )
    problems = run_checks(databases=["default"], tags=[Tags.database])
    for problem in problems:
        yield Finding("trouble", "wall", str(problem.msg))
    if not missing and not problems:
        yield Finding("ok", "database", "It answers, is up to date, and the tenant wall holds.")


def _valkey() -> Finding:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        sentence = (
            "It does not answer: nothing is lost, but all waits for the sweeps. See REDIS_URL."
        )
        return Finding("trouble", "valkey", sentence)
    return Finding("ok", "valkey", "It answers.")


def _worker() -> Finding:
    beat = settings.DATA_DIR / "heartbeat"
    age = time.time() - beat.stat().st_mtime if beat.exists() else None
    if age is None or age > HEARTBEAT:
        since = "ever" if age is None else f"for {age / 60:.0f} min"
        return Finding(
            "trouble", "worker", f"No task has run {since}: is bin/up (or worker and beat) running?"
        )
    return Finding("ok", "worker", "Beat, Valkey and worker ran a task just now.")


def _files() -> Iterator[Finding]:
    folder = Path(settings.MEDIA_ROOT)
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(nearest, os.W_OK):
        yield Finding("trouble", "files", f"{nearest} can't be written: attachments are lost.")
    free = shutil.disk_usage(nearest).free
    level: Level = "ok" if free > LOW_DISK else "trouble"
    yield Finding(level, "files", f"{free / 1e9:.1f} GB are free for attachments.")


def _mail() -> Finding:
    if mail_is_set_up():
        return Finding("ok", "mail", "Invitations and password resets leave by mail.")
    return Finding(
        "note",
        "mail",
        "Mail to your own people is not set up (EMAIL_URL): links are shown instead.",
    )


def _ledgers() -> Iterator[Finding]:
    for model, what in ((InboundEvent, "inbound"), (Delivery, "outbound")):
        waiting, oldest = backlog(model)
        late = oldest is not None and timezone.now() - oldest > LATE
        sentence = f"{waiting} rows are due" + (
            f", the oldest since {oldest:%H:%M}." if oldest else "."
        )
        yield Finding("trouble" if late else "ok", what, sentence)


def _channels() -> Iterator[Finding]:
    """Look at the channels of one workspace after the other."""
    for workspace in Workspace.objects.order_by("slug"):
        with tenant_scope(workspace.pk):
            rows = channels_with_health()
        for row in rows:
            if row.colour == "late":
                yield Finding("trouble", f"{workspace.slug}/{row.channel.name}", row.sentence)
        fine = sum(row.colour != "late" for row in rows)
        yield Finding("ok", workspace.slug, f"{fine} of {len(rows)} channels have no trouble.")
