"""The product's URLs and the limit to measure against: a view that only inserts the same row."""

import json
import uuid

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from helpdesk.urls import urlpatterns as product_urls
from identity.middleware import for_programs, opens_own_scope

INSERT = """
INSERT INTO bench_event (id, workspace_id, channel_id, source, dedupe_key, order_key, headers,
  body, received_at, message_ids, old, work_state, due_at, attempts, reason)
VALUES (%s, %s, %s, 'email/raw', %s, 'x', %s, %s, now(), '{}', false, 'new', now(), 0, '')
"""
NOBODY = uuid.UUID(int=0)


@opens_own_scope
@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Insert a row of the same columns and indexes, and answer."""
    event_id = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [event_id, NOBODY, NOBODY, str(event_id), json.dumps({"a": "b"}), request.body],
        )
    return JsonResponse({"id": str(event_id)})


@for_programs
def bare_door(request: HttpRequest) -> HttpResponse:
    """The same, where programs knock: before the middleware that is for people."""
    answer: HttpResponse = bare(request)
    return answer


urlpatterns = [path("bare", bare), path("hooks/bare", bare_door), *product_urls]
