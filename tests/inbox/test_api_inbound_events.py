"""Raw events in the API: listed with their reasons, and worked once more."""

import pytest

from channels_app.models import InboundEvent
from identity.tenancy import tenant_scope

STATES = ("done", "quarantined", "ignored", "new")


@pytest.fixture
def events(ana, mail, chat):
    with tenant_scope(ana.workspace_id):
        return [
            InboundEvent.objects.create(
                channel=chat if state == "done" else mail,
                source="chat" if state == "done" else "email/raw",
                dedupe_key=str(number),
                body=b"secret words",
                headers={"x-secret": "1"},
                work_state=state,
                reason="No body." if state == "quarantined" else "",
                attempts=number,
            )
            for number, state in enumerate(STATES)
        ]


def states(answer):
    assert answer.status_code == 200
    return [one["state"] for one in answer.json()["results"]]


def test_events_are_listed_newest_first_with_filters(ana, mail, events, as_person):
    person = as_person(ana)
    assert states(person.get("inbound-events")) == list(reversed(STATES))
    assert states(person.get("inbound-events", state="quarantined")) == ["quarantined"]
    assert states(person.get("inbound-events", source="chat")) == ["done"]
    assert states(person.get("inbound-events", source="email")) == ["new", "ignored", "quarantined"]
    assert states(person.get("inbound-events", source="email/raw", state="new")) == ["new"]
    assert len(states(person.get("inbound-events", channel=str(mail.pk)))) == 3


def test_events_are_paged(ana, events, as_person):
    person = as_person(ana)
    first = person.get("inbound-events", limit=3).json()
    second = person.get("inbound-events", limit=3, cursor=first["next"]).json()
    assert [one["state"] for one in second["results"]] == ["done"]
    assert second["next"] is None


def test_an_event_shows_its_reason_and_none_of_its_content(ana, events, as_person):
    answer = as_person(ana).get("inbound-events", state="quarantined")
    (event,) = answer.json()["results"]
    assert event["reason"] == "No body."
    assert event["channel"]["kind"] == "email"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_finished_event_is_worked_again(ana, events, as_person, number):
    answer = as_person(ana).post(f"inbound-events/{events[number].pk}/replay")
    assert answer.status_code == 202
    assert answer.json()["state"] == "new"


def test_an_event_that_still_waits_is_not_replayed(ana, events, as_person):
    answer = as_person(ana).post(f"inbound-events/{events[3].pk}/replay")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_replayable")
