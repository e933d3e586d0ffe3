"""Which conversation a message belongs to: a pure function of facts, first hit wins.

A subject is never a reason. A number in the subject counts only for somebody who takes part.
Source of the order: RFC 5322 threading with signed reply addresses before references, because
references can be copied by anybody who once got a mail of ours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

#: A message to an issue closed longer ago than this opens a new, linked one.
REOPEN_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that a clue points to."""

    conversation_id: UUID
    is_live: bool
    last_message_at: datetime
    channel_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a message arrives. Candidates are of this workspace only."""

    now: datetime
    #: The conversation the channel itself names (a chat session's).
    by_session: Candidate | None = None
    by_reply_token: Candidate | None = None
    by_reference: Candidate | None = None
    #: Only filled when the sender already takes part in that conversation.
    by_number: Candidate | None = None
    #: The contact's newest live conversation that came through another channel.
    elsewhere: Candidate | None = None
    sender_verified: bool = False
    #: ``timedelta(0)`` switches the continuation across channels off.
    continue_within: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """``conversation_id`` None means a new one; ``linked_to`` is the old issue it follows."""

    conversation_id: UUID | None
    because: str
    linked_to: UUID | None = None


def choose_conversation(facts: Facts) -> Choice:
    """Return where the message goes and why, as a short sentence for the agent."""
    clues = (
        (facts.by_session, "the same chat"),
        (facts.by_reply_token, "sent to this conversation's reply address"),
        (facts.by_reference, "answers a message of this conversation"),
        (facts.by_number, "names this conversation's number and takes part in it"),
    )
    for candidate, because in clues:
        if candidate is None:
            continue
        if candidate.is_live or facts.now - candidate.last_message_at <= REOPEN_WITHIN:
            return Choice(candidate.conversation_id, because)
        return Choice(
            None,
            f"follows an issue that was closed more than {REOPEN_WITHIN.days} days ago",
            linked_to=candidate.conversation_id,
        )
    other = facts.elsewhere
    if (
        other is not None
        and other.is_live
        and facts.sender_verified
        and facts.now - other.last_message_at <= facts.continue_within
    ):
        return Choice(other.conversation_id, "the same person's open issue on another channel")
    return Choice(None, "a new issue")
