"""Celery carries wake-ups; the rows are the truth. Mounting, and what beat rings for."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: Everything that happens by the clock, in seconds. A missed ring is harmless: each of these looks
#: for rows that are due.
BEAT_SCHEDULE: dict[str, dict[str, object]] = {}
app.conf.beat_schedule = BEAT_SCHEDULE
