"""Celery carries wake-ups; the rows are the truth. Mounting, and what beat rings for."""

import os
import time
import warnings
from pathlib import Path
from typing import Any

from celery import Celery, platforms
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    worker_before_create_process,
)

from helpdesk.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

# Celery warns root because pickled messages could carry code; ours are JSON and nothing else.
warnings.filterwarnings("ignore", category=platforms.SecurityWarning)  # type: ignore[attr-defined]

#: Beat only rings: it knows tasks by name and needs no Django, which halves its memory. So what it
#: rings for goes to the default queue, unless the entry names another.
ONLY_RINGS = os.environ.get("HELPDESK_PROCESS") == "beat"

app = Celery("helpdesk", fixups=[] if ONLY_RINGS else None)
app.config_from_object("django.conf:settings", namespace="CELERY")
if not ONLY_RINGS:
    app.autodiscover_tasks()
    app.autodiscover_tasks(["identity.commerce"])

#: Everything that happens by the clock, in seconds. A missed ring is harmless: each of these looks
#: for rows that are due.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "worker heartbeat": {
        "task": "helpdesk.heartbeat",
        "schedule": app.conf.heartbeat_seconds,
        "options": {"expires": app.conf.heartbeat_seconds},
    },
    "sweep ledgers": {
        "task": "channels_app.sweep",
        "schedule": app.conf.sweep_seconds,
        "options": {"expires": app.conf.sweep_seconds},
    },
    "sweep money actions": {
        "task": "identity.sweep_actions",
        "schedule": app.conf.sweep_seconds,
        "options": {"expires": app.conf.sweep_seconds},
    },
    "end snoozes": {
        "task": "channels_app.wake_snoozed",
        "schedule": 20.0,
        "options": {"expires": 20.0},
    },
    "mail chat answers": {
        "task": "channels_app.mail_chat_answers",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "tidy people": {
        "task": "identity.tidy_people",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "poll mailboxes": {
        "task": "channels_app.poll_mailboxes",
        "schedule": 20.0,
        "options": {"expires": 20.0},
    },
    "sweep shops": {
        "task": "identity.sweep_stores",
        "schedule": app.conf.sweep_seconds,
        "options": {"expires": app.conf.sweep_seconds},
    },
    "tell shops of conversations": {
        "task": "inbox.keep_shop_histories",
        "schedule": 20.0,
        "options": {"expires": 20.0},
    },
    "reconcile shops": {
        "task": "identity.reconcile_stores",
        "schedule": 720.0,
        "options": {"expires": 600.0},
    },
    "tend shops": {
        "task": "identity.tend_stores",
        "schedule": 3600.0,
        "options": {"expires": 3000.0},
    },
}
if app.conf.get("demo_shops"):
    BEAT_SCHEDULE["connect demo shops"] = {
        "task": "helpdesk.connect_demo_shops",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    }
app.conf.beat_schedule = BEAT_SCHEDULE


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery configures logging itself unless somebody listens here; settings.py has done it."""


@worker_before_create_process.connect
def _settle(**_: Any) -> None:
    """In the parent: a collection in the child would copy the memory they share."""
    settle()


@app.task(name="helpdesk.heartbeat")
def heartbeat() -> None:
    """Show that a task goes all the way from beat to a worker: ``_note_life`` leaves the mark."""


@app.task(name="helpdesk.connect_demo_shops")
def connect_demo_shops() -> None:
    """Connect the demo workspaces to the sandbox's shops once those answer."""
    from helpdesk.demo.shops import connect_shops  # here: only the demo needs any of it

    connect_shops()


#: Seconds between two marks, so that a busy worker does not touch the file for every task.
MARK_EVERY = 1.0
_marked_at = 0.0


@task_prerun.connect
@task_postrun.connect
def _note_life(**_: Any) -> None:
    """Leave a mark that this worker takes tasks; the supervisor restarts one that is deaf."""
    global _marked_at
    if time.monotonic() - _marked_at > MARK_EVERY:
        _marked_at = time.monotonic()
        Path(app.conf.heartbeat_file).touch()
