"""Send-a-test: a real message through the real doors, and what became of it.

What a running test has to remember travels in a signed token, so any web process can answer the
page's questions and nothing has to be cleaned up.
"""

import json
import secrets
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from celery.exceptions import OperationalError
from django.core import signing

from channels_app.chat.parse import read_said
from channels_app.chat.services.consent import consent_line
from channels_app.chat.services.posting import post_message
from channels_app.chat.services.sessions import Visitor, create_session
from channels_app.contract import Account, DeliveryError, Outbound, Recipient
from channels_app.models import ChannelAccount, InboundEvent, MailboxCursor
from channels_app.registry import adapter_for
from channels_app.services import account_of
from channels_app.tasks import poll_mailbox
from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.ledger import WorkState
from identity.models import Membership
from inbox.models import Channel, Conversation, Direction, Message
from inbox.services.conversations import change_conversation

SALT = "channel-test"
#: A mail that has not come back within this many seconds needs a person's look.
PATIENCE = 180
#: Seconds a page goes on asking for answers to a chat test.
CHAT_LIFE = 1800
#: A person waits for these; a worker would have more patience.
SHORT = {"smtp_timeout": 8, "smtp_final_timeout": 15, "api_timeout": 10}

State = Literal["waiting", "arrived", "failed"]


@dataclass(frozen=True, slots=True)
class Sent:
    """Whether the transport took a mail, and a sentence either way."""

    worked: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class MailTrial:
    """How an inbound test stands."""

    token: str
    state: State
    sentence: str
    seconds: int = 0
    event: InboundEvent | None = None
    conversation: Conversation | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatTrial:
    """A test chat: what was said so far."""

    token: str
    conversation: Conversation | None
    messages: tuple[Message, ...] = ()
    over: bool = False


# --- e-mail: out ---------------------------------------------------------------------------------


def send_test_mail(*, channel: Channel, to: str, by: Membership) -> Sent:
    """Send one mail through the channel's transport, now, in this process."""
    code = secrets.token_hex(3)
    return _send(
        channel,
        to,
        subject=f"Test of {channel.name} ({code})",
        text=f"{by.name} tested the channel {channel.name}.\n\nIf you read this, mail leaves. "
        "Nothing else has to be done.",
    )


def _send(channel: Channel, to: str, *, subject: str, text: str) -> Sent:
    account = account_of(channel)
    account = replace(account, settings={**account.settings, **SHORT})
    try:
        result = adapter_for("email").send(_outbound(account, to, subject, text), account)
    except DeliveryError as error:
        return Sent(False, str(error))
    if result.outcome == "failed":
        return Sent(False, "The mail server refused the mail.")
    ChannelAccount.objects.filter(channel=channel).exclude(trouble="").update(trouble="")
    return Sent(True, f"Taken by the mail server for {to}. Look into that mailbox.")


def _outbound(account: Account, to: str, subject: str, text: str) -> Outbound:
    domain = account.address.rpartition("@")[2] or "localhost"
    name = f"<c{uuid4().hex}.{uuid4().hex}.{secrets.token_hex(8)}@{domain}>"
    return Outbound(
        delivery_id=f"test-{uuid4()}",
        conversation_id="",
        message_id=name,
        to=(Recipient(to),),
        text=text,
        subject=subject,
        automatic=True,
    )


# --- e-mail: in ----------------------------------------------------------------------------------


def start_mail_trial(*, channel: Channel, by: Membership) -> tuple[str, Sent]:
    """Send a mail to the channel's own mailbox. Returns the test's token and whether it left."""
    code = secrets.token_hex(6)
    token = _sign({"channel": str(channel.pk), "after": str(uuid7()), "code": code})
    sent = _send(
        channel,
        channel.address,
        subject=f"Test {code}",
        text=f"{by.name} tests whether mail to {channel.address} comes in. Code: {code}",
    )
    _look_into(channel)
    return token, sent


def mail_trial(*, channel: Channel, token: str) -> MailTrial:
    """Return how the test of this token stands."""
    facts, seconds = _read(token, channel)
    if not facts:
        return MailTrial(token, "failed", "This test is over. Start a new one.")
    event = _arrived(channel, facts)
    if event is not None:
        return _about(event, token, seconds)
    trouble = _trouble(channel)
    if trouble:
        return MailTrial(token, "failed", trouble, seconds, hints=_hints(channel))
    if seconds > PATIENCE:
        sentence = f"Nothing has arrived within {PATIENCE // 60} minutes."
        return MailTrial(token, "failed", sentence, seconds, hints=_hints(channel))
    if seconds % 10 < 2:
        _look_into(channel)
    return MailTrial(token, "waiting", f"Waiting for mail to {channel.address}.", seconds)


def _arrived(channel: Channel, facts: dict[str, Any]) -> InboundEvent | None:
    """Return our test mail if it came, else the first other mail since."""
    events = list(
        InboundEvent.objects.filter(channel=channel, pk__gt=UUID(facts["after"])).order_by("pk")[
            :20
        ]
    )
    code = facts["code"].encode()
    ours = [event for event in events if code in bytes(event.body)]
    return next(iter([*ours, *events]), None)


def _about(event: InboundEvent, token: str, seconds: int) -> MailTrial:
    took = max(0, round((event.received_at - _started(token)).total_seconds()))
    way = event.source.partition("/")[2] or event.source
    came = f"Mail came in through {way} after {took} s."
    match event.work_state:
        case WorkState.QUARANTINED:
            return MailTrial(
                token, "failed", f"{came} It could not be read: {event.reason}", seconds, event
            )
        case WorkState.DONE | WorkState.IGNORED:
            conversation = Conversation.objects.filter(messages__pk__in=event.message_ids).first()
            what = (
                f"It is conversation #{conversation.number}."
                if conversation
                else "It was our own test mail, so it makes no conversation."
            )
            return MailTrial(token, "arrived", f"{came} {what}", seconds, event, conversation)
    if seconds > PATIENCE:
        return MailTrial(
            token,
            "failed",
            f"{came} It is stored, but no worker has read it. Is the worker running?",
            seconds,
            event,
        )
    return MailTrial(token, "waiting", f"{came} It is being read.", seconds, event)


def _hints(channel: Channel) -> tuple[str, ...]:
    account: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    if account.settings.get("esp") == "imap":
        return (
            "Open the mailbox in another mail program: is the test mail there?",
            "Check server, user, password and folder above.",
            "The worker looks into the mailbox; the operator's log names it when it does not run.",
        )
    return (
        "Is the URL above entered at the service, without a space before or after it?",
        "Does mail to this address go to the service? Look at its own log of received mail.",
        "A refused signature is counted and not stored: make the secret anew and enter it again.",
    )


def _trouble(channel: Channel) -> str:
    cursor = MailboxCursor.objects.filter(channel=channel).exclude(error="").first()
    if cursor is not None:
        return str(cursor.error)
    account: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    return account.trouble if account.settings.get("esp") == "imap" else ""


def _look_into(channel: Channel) -> None:
    """Ask the worker for a look into an IMAP mailbox; without a broker the next round finds it."""
    account: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    if account.settings.get("imap_host"):
        try:
            poll_mailbox.apply_async(
                kwargs={"channel_id": str(channel.pk)}, retry=False, ignore_result=True
            )
        except (OperationalError, OSError):
            return


# --- chat ----------------------------------------------------------------------------------------


def start_chat_trial(*, channel: Channel, by: Membership) -> str:
    """Write into the chat as a visitor would. Returns the test's token."""
    account: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    _, visitor_token = create_session(
        channel=channel,
        visitor=Visitor(
            name=f"{by.name} (test)",
            email=by.user.email,
            consent_text=consent_line(account.settings),
        ),
    )
    text = f"This is a test of {channel.name}. Answer it to see the way back."
    said = {"client_msg_id": str(uuid4()), "text": text}
    posted = post_message(token=visitor_token, said=read_said(said), raw=json.dumps(said).encode())
    if posted.id is None:
        raise HelpdeskError(
            "The message is stored, but the inbox could not take it yet. Look at the incoming "
            "events; the worker reads it as soon as it can.",
            code="kept",
            status=409,
        )
    message = Message.objects.get(pk=posted.id)
    change_conversation(conversation=message.conversation, by=by, changes={"tags": ["test"]})
    return _sign({"channel": str(channel.pk), "conversation": str(message.conversation_id)})


def chat_trial(*, channel: Channel, token: str) -> ChatTrial:
    """Return what was said in the test chat."""
    facts, seconds = _read(token, channel)
    if not facts:
        return ChatTrial(token, None, over=True)
    found = Conversation.objects.filter(pk=facts["conversation"], channel=channel).first()
    if found is None:
        return ChatTrial(token, None, over=True)
    messages = Message.objects.filter(conversation=found, private=False).order_by("seq")
    return ChatTrial(token, found, tuple(messages[:50]), over=seconds > CHAT_LIFE)


def clear_chat_trial(*, channel: Channel, token: str, by: Membership) -> None:
    """Put the test conversation into the trash."""
    trial = chat_trial(channel=channel, token=token)
    if trial.conversation is not None:
        change_conversation(conversation=trial.conversation, by=by, changes={"status": "trash"})


def is_answered(trial: ChatTrial) -> bool:
    """Say whether somebody has answered the test."""
    return any(message.direction == Direction.OUT for message in trial.messages)


# --- tokens --------------------------------------------------------------------------------------


def _sign(facts: dict[str, str]) -> str:
    return signing.dumps({**facts, "at": time.time()}, salt=SALT, compress=True)


def _read(token: str, channel: Channel) -> tuple[dict[str, Any], int]:
    """Return what the token says and its age in seconds; nothing if it is not this channel's."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=SALT, max_age=86_400)
    except signing.BadSignature:
        return {}, 0
    if facts.get("channel") != str(channel.pk):
        return {}, 0
    return facts, int(time.time() - facts["at"])


def _started(token: str) -> datetime:
    facts = signing.loads(token, salt=SALT)
    return datetime.fromtimestamp(facts["at"], tz=UTC)
