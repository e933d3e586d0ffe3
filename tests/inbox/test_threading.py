"""The pure rule that says which conversation a message belongs to."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from inbox.services.threading import REOPEN_WITHIN, Candidate, Facts, choose_conversation

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def candidate(*, live=True, age=timedelta(hours=1)):
    return Candidate(conversation_id=uuid4(), is_live=live, last_message_at=NOON - age)


def choose(**facts):
    return choose_conversation(Facts(now=NOON, **facts))


def test_nothing_known_opens_a_new_conversation():
    assert choose().conversation_id is None


@pytest.mark.parametrize("clue", ["by_session", "by_reply_token", "by_reference", "by_number"])
def test_each_clue_by_itself_is_followed(clue):
    found = candidate()
    assert choose(**{clue: found}).conversation_id == found.conversation_id


def test_the_signed_reply_address_beats_copied_references():
    ours, copied = candidate(), candidate()
    choice = choose(by_reply_token=ours, by_reference=copied)
    assert choice.conversation_id == ours.conversation_id


def test_a_conversation_closed_not_long_ago_is_reopened():
    found = candidate(live=False, age=REOPEN_WITHIN - timedelta(minutes=1))
    assert choose(by_reference=found).conversation_id == found.conversation_id


def test_a_conversation_closed_long_ago_is_followed_by_a_linked_new_one():
    found = candidate(live=False, age=REOPEN_WITHIN + timedelta(minutes=1))
    choice = choose(by_reference=found)
    assert choice.conversation_id is None
    assert choice.linked_to == found.conversation_id


def test_a_proven_sender_continues_their_open_issue_from_another_channel():
    other = candidate()
    choice = choose(elsewhere=other, sender_verified=True, continue_within=timedelta(hours=72))
    assert choice.conversation_id == other.conversation_id


@pytest.mark.parametrize(
    "change",
    [
        {"sender_verified": False},
        {"continue_within": timedelta(0)},
        {"elsewhere": candidate(live=False)},
        {"elsewhere": candidate(age=timedelta(hours=73))},
    ],
    ids=["unproven sender", "switched off", "closed", "too long ago"],
)
def test_nothing_else_continues_an_issue_from_another_channel(change):
    facts = {
        "elsewhere": candidate(),
        "sender_verified": True,
        "continue_within": timedelta(hours=72),
        **change,
    }
    assert choose(**facts).conversation_id is None
