"""The OpenAPI document is whole, and every answer is as it says; a fuzzer finds no crash."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks

from channels_app.models import InboundEvent
from identity.models import Team
from identity.services.contacts import merge_contacts
from identity.services.customer_links import link_by_hand
from identity.services.merge_suggestions import open_suggestions
from identity.services.resolution import create_visitor
from identity.tenancy import tenant_scope
from inbox.models import SavedReply
from inbox.services.conversations import change_conversation
from inbox.services.receiving import IncomingFile
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail
from tests.factories.money import make_action
from tests.factories.shop import make_customer, make_order
from tests.inbox.conftest import key_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_the_document_is_complete_and_makes_no_warning(db):
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())


@pytest.fixture
def document(db) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture
def a_busy_shop(ana, ben, mail, chat, as_person) -> dict[str, Any]:
    """At least one of everything that answers show."""
    file = IncomingFile("pole.png", "image/png", PNG, content_id="pole@x", inline=True)
    received = receive_mail(
        mail,
        files=[file],
        html='<img src="cid:pole@x">',
        to=[{"address": mail.address, "name": "Support"}],
        provider_time=timezone.now(),
        warnings=["Something was cut."],
    )
    conversation = received.conversation
    twins = [receive_chat(chat, email="twin@customer.test").conversation.contact for _ in "12"]
    with tenant_scope(ben.workspace_id):
        merge = merge_contacts(
            survivor=conversation.contact,
            other=create_visitor(session_id="x", name="", email=""),
            by=ben,
            because="one person",
        )
        suggestion = open_suggestions().get(first=twins[0])
        team = Team.objects.create(name="Night")
        team.team_members.create(membership=ben)
        SavedReply.objects.create(name="Hello", shortcut="hi", body="Hello {{contact.name}}")
        later = timezone.now() + timedelta(minutes=1)
        message = send(conversation=conversation, author=ben, body_text="A", send_at=later)
        send(conversation=conversation, author=ben, body_text="N", private=True)
        change_conversation(
            conversation=conversation,
            by=ben,
            changes={
                "team": team,
                "topic": "shipping",
                "outcome": "exchange",
                "tags": ["vip"],
                "snoozed_until": timezone.now() + timedelta(days=1),
            },
        )
        event = InboundEvent.objects.create(
            channel=mail, source="email/raw", dedupe_key="1", body=b"", work_state="quarantined"
        )
        customer = make_customer(ben.workspace)
        link_by_hand(contact=conversation.contact, customer=customer, by=ben)
        order = make_order(ben.workspace, customer=customer)
    person = as_person(ben)
    draft = {"mode": "reply", "body": "Dear Dana"}
    person.send("PUT", f"conversations/{conversation.pk}/draft", draft)
    return {
        "person": person,
        "ids": {
            "conversations": str(conversation.pk),
            "messages": str(message.pk),
            "contacts": str(conversation.contact_id),
            "shop-orders": str(order.pk),
            "money-actions": str(make_action(ben.workspace, by=ben, order=order).pk),
            "inbound-events": str(event.pk),
            "merges": str(merge.pk),
            "merge-suggestions": str(suggestion.pk),
        },
    }


def unlike(value: Any, schema: Any, document: Any, at: str) -> Iterator[str]:
    """Name every place where an answer differs from its declared shape, in either direction."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        yield from unlike(value, document["components"]["schemas"][name], document, at)
        return
    if value is None:
        yield from () if schema.get("nullable") else (f"{at} is null",)
        return
    for part in (schema.get("allOf") or schema.get("oneOf") or [])[:1]:
        yield from unlike(value, part, document, at)
    if value not in schema.get("enum", [value]):
        yield f"{at} is {value!r}"
    kind = schema.get("type", "")
    types: Any = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if not isinstance(value, types.get(kind, object)):
        yield f"{at} is a {type(value).__name__}"
    elif kind == "array":
        for index, one in enumerate(value):
            yield from unlike(one, schema["items"], document, f"{at}.{index}")
    elif "properties" in schema:
        yield from unlike_object(value, schema["properties"], document, at)


def unlike_object(
    value: dict[str, Any], known: dict[str, Any], document: Any, at: str
) -> Iterator[str]:
    yield from (f"{at}.{name} is not declared" for name in value.keys() - known.keys())
    yield from (f"{at}.{name} is missing" for name in known.keys() - value.keys())
    for name in known.keys() & value.keys():
        yield from unlike(value[name], known[name], document, f"{at}.{name}")


@pytest.mark.parametrize(
    "path",
    [
        "me",
        "counts",
        "members",
        "teams",
        "saved-replies",
        "channels",
        "conversations",
        "conversations/{id}",
        "conversations/{id}/messages",
        "conversations/{id}/verification",
        "contacts",
        "contacts/{id}",
        "contacts/{id}/timeline",
        "contacts/{id}/orders",
        "conversations/{id}/shop",
        "shop-orders/{id}",
        "shop-customers",
        "money-actions",
        "money-actions/{id}",
        "contacts/{id}/merges",
        "merge-suggestions",
        "search",
        "inbound-events",
    ],
)
def test_answers_are_exactly_what_the_document_declares(document, a_busy_shop, path):
    kind = path.split("/", maxsplit=1)[0]
    concrete = path.format(id=a_busy_shop["ids"].get(kind, ""))
    query = {"q": {"search": "pole", "shop-customers": "dana"}.get(path, "")}
    if path == "conversations":
        query = {"status": "snoozed,open"}
    answer = a_busy_shop["person"].get(concrete, **query)
    assert answer.status_code == 200
    declared = document["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]
    schema = declared["content"]["application/json"]["schema"]
    assert list(unlike(answer.json(), schema, document, path)) == []
    assert answer.json().get("results") != []


def test_refusals_are_what_the_document_declares(document, a_busy_shop):
    answer = a_busy_shop["person"].post("conversations", {"channel": "x"})
    schema = document["components"]["schemas"]["Problem"]
    assert list(unlike(answer.json(), schema, document, "problem")) == []


# --- the fuzzer -------------------------------------------------------------------------------------


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests by plain WSGI would drop the connection that holds this test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


fuzzed = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
fuzzed.app = get_wsgi_application()


@fuzzed.include(path_regex="^/api/v1/").parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_of_the_fuzzer_breaks_the_api(case, ana, a_busy_shop, one_connection):
    if "id" in case.path_parameters:
        case.path_parameters["id"] = a_busy_shop["ids"][case.operation.path.split("/")[3]]
    answer = case.call(headers={"Authorization": f"Bearer {key_of(ana, 'admin')}"})
    case.validate_response(
        answer,
        checks=[
            schemathesis.checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ],
    )
