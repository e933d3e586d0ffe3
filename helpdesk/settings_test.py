"""What differs in tests, each with its reason."""

import os
from pathlib import Path

from helpdesk import embedded

# Tests have their own cluster: they may drop every database in it.
os.environ["HELPDESK_DATA_DIR"] = str(
    Path(os.environ.get("HELPDESK_TEST_DATA_DIR") or embedded.default_data_dir() / "test")
)
os.environ["HELPDESK_TEST_DATA_DIR"] = os.environ["HELPDESK_DATA_DIR"]
os.environ.setdefault("BASE_URL", "http://localhost:8000")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from helpdesk.settings import *
from helpdesk.settings import (
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    MEDIA_ROOT,
    REDIS_URL,
)

#: One name for each xdist worker, so that their rows, cache keys and files never meet.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: Processes that a test starts (a worker to be killed) inherit the database of their session.
TEST_DATABASE = os.environ.get("HELPDESK_TEST_DATABASE", "")
if not TEST_DATABASE.startswith(f"test_helpdesk_{WORKER}_"):
    TEST_DATABASE = f"test_helpdesk_{WORKER}_{os.getpid()}"
    os.environ["HELPDESK_TEST_DATABASE"] = TEST_DATABASE
for _database in DATABASES.values():
    _database["NAME"] = TEST_DATABASE
if "pool" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 6
CACHES["default"]["KEY_PREFIX"] = TEST_DATABASE
if WORKER.startswith("gw") and REDIS_URL.endswith("?db=0"):
    REDIS_URL = REDIS_URL.replace(
        "?db=0", f"?db={int(WORKER[2:]) % 15 + 1}"
    )  # one's counts, not two's
MEDIA_ROOT = MEDIA_ROOT / WORKER

# Hashing a password well takes a quarter of a second, a hundred times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Mail stays in django.core.mail.outbox.
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Rate limits are tested where they are the subject.
ACCOUNT_RATE_LIMITS = False
# A task published by a test wakes nobody; tests call the task or its service. Those that start a
# real worker set this variable to "embedded", for themselves and for it.
if os.environ.get("HELPDESK_TEST_BROKER") != "embedded":
    CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": f"celery:{TEST_DATABASE}:",
}
