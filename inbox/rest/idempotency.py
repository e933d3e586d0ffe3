"""``Idempotency-Key``: a repeated write is answered again, not done again.

The answer is stored in the transaction of the effects, and an advisory lock of that transaction
says "still running", so nothing is left behind by a process that dies in between.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.response import Response

from helpdesk.foundation.errors import ConflictError, HelpdeskError
from inbox.models import IdempotencyRecord
from inbox.rest.problems import CONTENT_TYPE

REMEMBERED = timedelta(hours=24)
LONGEST_KEY = 200
#: Old answers removed with one new one; more than one, so that they get fewer.
SWEPT = 20


class StillRunningError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_running"


class KeyReusedError(HelpdeskError):
    """The key was used for something else."""

    code = "idempotency_reused"
    status = 422


def once(request: Any, *, holder_id: UUID, key: str, work: Callable[[], Response]) -> Response:
    """Return the stored answer for this key, or the answer of ``work``, which is then stored.

    ``work`` turns every error into an answer and undoes its own effects when it fails.
    """
    if not key.isascii() or not key.isprintable() or len(key) > LONGEST_KEY:
        raise HelpdeskError(
            f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.",
            code="idempotency_key",
        )
    digest = _sha256(str(holder_id), request.path, key)
    fingerprint = fingerprint_of(request)
    if not _lock(digest):
        raise StillRunningError("The first request with this Idempotency-Key is still running.")
    known = IdempotencyRecord.objects.filter(digest=digest).first()
    now = timezone.now()
    if known is not None and now - known.created_at < REMEMBERED:
        return _again(known, fingerprint)
    response = work()
    if response.status_code >= 500:
        transaction.set_rollback(True)
        return response
    IdempotencyRecord.objects.update_or_create(
        digest=digest,
        defaults={
            "fingerprint": fingerprint,
            "status": response.status_code,
            "body": json.dumps(response.data),
            "created_at": now,
        },
    )
    _sweep(now - REMEMBERED)
    return response


def fingerprint_of(request: Any) -> str:
    """Return a digest of method and body. For uploads it covers the files, not their framing."""
    files = [
        _sha256(name, file.name, hashlib.sha256(file.read()).hexdigest())
        for name, file in request.FILES.items()
    ]
    for file in request.FILES.values():
        file.seek(0)
    data = request.data
    if request.FILES:
        data = {name: value for name, value in data.items() if name not in request.FILES}
    return _sha256(request.method, json.dumps(data, sort_keys=True, default=str), *files)


def _again(known: IdempotencyRecord, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        raise KeyReusedError(
            "This Idempotency-Key was used for another request. Use a new key for a new request."
        )
    return Response(
        json.loads(known.body),
        status=known.status,
        headers={"Idempotent-Replayed": "true"},
        content_type=CONTENT_TYPE if known.status >= 400 else None,
    )


def _lock(digest: str) -> bool:
    number = int.from_bytes(bytes.fromhex(digest[:16]), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _sweep(before: Any) -> None:
    old = IdempotencyRecord.objects.filter(created_at__lt=before).order_by("created_at")
    IdempotencyRecord.objects.filter(pk__in=old.values("pk")[:SWEPT]).delete()


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
