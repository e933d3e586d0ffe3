"""The product's settings, and the bare view beside its own pages."""

from helpdesk.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
