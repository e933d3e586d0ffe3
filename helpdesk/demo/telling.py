"""Plays the stories through the doors that real messages take, then dates them back.

Everything said goes through ``receive``, ``send`` and the chat's own posting; the clock is the only
thing that can't be told to a door, so the rows' times are moved afterwards.
"""

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone
from PIL import Image, ImageDraw

from channels_app.chat.parse import read_said
from channels_app.chat.services.posting import post_message
from channels_app.chat.services.sessions import Visitor, create_session
from helpdesk.demo.stories import Answered, Changed, Noted, Said, Step, Story
from identity.models import Membership, Team, Workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel, Conversation, Message, Status
from inbox.services.conversations import change_conversation, mark_read, save_draft
from inbox.services.receiving import Incoming, IncomingFile, receive
from inbox.services.sending import send


@dataclass
class _Teller:
    """What one story needs while it is told."""

    story: Story
    channel: Channel
    staff: dict[str, Membership]
    conversation_id: UUID | None = None
    chat_token: str = ""
    last_mail: str = ""

    def agent(self, first_name: str) -> Membership:
        return self.staff[first_name]

    def conversation(self) -> Conversation:
        assert self.conversation_id is not None, "a story begins with what the customer said"
        found: Conversation = Conversation.objects.get(pk=self.conversation_id)
        return found


def tell_stories(workspace: Workspace, stories: tuple[Story, ...]) -> int:
    """Fill an empty workspace; one that has conversations is left alone. Returns how many."""
    with tenant_scope(workspace.pk):
        if Conversation.objects.exists():
            return 0
        staff = {
            str(member.user).split(" ", 1)[0]: member
            for member in Membership.objects.select_related("user")
        }
        channels = {channel.kind: channel for channel in Channel.objects.order_by("created_at")}
        for story in stories:
            _tell(_Teller(story, channels[story.channel], staff))
    return len(stories)


def _tell(teller: _Teller) -> None:
    ages: list[int] = []
    for step in teller.story.steps:
        _play(teller, step)
        if not isinstance(step, Changed):
            ages.append(step.ago)
    _look(teller)
    _date_back(teller, ages)


def _play(teller: _Teller, step: Step) -> None:
    match step:
        case Said():
            (_chat if teller.story.channel == "chat" else _mail)(teller, step)
        case Answered(by=by, text=text):
            send(conversation=teller.conversation(), author=teller.agent(by), body_text=text)
        case Noted(by=by, text=text):
            send(
                conversation=teller.conversation(),
                author=teller.agent(by),
                body_text=text,
                private=True,
            )
        case Changed():
            _change(teller, step)


def _mail(teller: _Teller, said: Said) -> None:
    story = teller.story
    name = f"<{uuid4().hex}@{story.email.partition('@')[2]}>"
    received = receive(
        Incoming(
            channel=teller.channel,
            provider_key=name,
            provider_id=name,
            sender_kind="email",
            sender_value=story.email,
            sender_name=story.name,
            sender_verified=not story.spam,
            sender_evidence="" if story.spam else "dmarc=pass from mx.sandbox.example",
            subject=story.subject,
            text=said.text,
            html=said.html,
            to=[{"address": teller.channel.address, "name": ""}],
            files=[_photo(said.photo)] if said.photo else [],
            references=[teller.last_mail] if teller.last_mail else [],
            spam=story.spam,
        )
    )
    teller.conversation_id = received.conversation.pk
    teller.last_mail = name


def _chat(teller: _Teller, said: Said) -> None:
    story = teller.story
    if not teller.chat_token:
        answers = {"topic": story.topic, "order_number": story.order_number}
        _, teller.chat_token = create_session(
            channel=teller.channel,
            visitor=Visitor(
                name=story.name,
                email=story.email,
                consent_text="I agree that my details are used to answer my question.",
                attributes={key: value for key, value in answers.items() if value},
            ),
        )
    said_now = {"client_msg_id": str(uuid4()), "text": said.text}
    posted = post_message(
        token=teller.chat_token, said=read_said(said_now), raw=json.dumps(said_now).encode()
    )
    if posted.id is not None:
        teller.conversation_id = Message.objects.get(pk=posted.id).conversation_id


def _change(teller: _Teller, step: Changed) -> None:
    changes = dict(step.changes)
    if step.assignee:
        changes["assignee"] = teller.agent(step.assignee)
    if step.team:
        changes["team"] = Team.objects.get(name=step.team)
    if step.snooze:
        changes["snoozed_until"] = timezone.now() + timedelta(hours=step.snooze)
    change_conversation(
        conversation=teller.conversation(), by=teller.agent(step.by), changes=changes
    )


def _look(teller: _Teller) -> None:
    """Everybody has read what is not new; an agent may have begun an answer."""
    conversation = teller.conversation()
    seen = conversation.last_seq - (1 if teller.story.unread else 0)
    for member in teller.staff.values():
        mark_read(conversation=conversation, membership=member, seq=seen)
    if teller.story.draft:
        by, body = teller.story.draft
        save_draft(conversation=conversation, membership=teller.agent(by), mode="reply", body=body)


def _date_back(teller: _Teller, ages: list[int]) -> None:
    """Move the conversation's times to the ages of its steps."""
    now = timezone.now()
    conversation = teller.conversation()
    messages = list(Message.objects.filter(conversation=conversation).order_by("seq"))
    moments = [now - timedelta(minutes=ago) for ago in ages]
    for message, moment in zip(messages, moments, strict=True):
        Message.objects.filter(pk=message.pk).update(created_at=moment, provider_time=moment)
    changes = {
        "created_at": moments[0],
        "last_message_at": moments[-1],
        "waiting_since": _waiting_since(conversation, messages, moments),
        "closed_at": moments[-1] if conversation.status == Status.CLOSED else None,
    }
    Conversation.objects.filter(pk=conversation.pk).update(**changes)


def _waiting_since(
    conversation: Conversation, messages: list[Message], moments: list[datetime]
) -> datetime | None:
    if conversation.waiting_since is None:
        return None
    answered = [
        number for number, one in enumerate(messages) if one.direction == "out" and not one.private
    ]
    first_open = answered[-1] + 1 if answered else 0
    return moments[min(first_open, len(moments) - 1)]


def _photo(name: str) -> IncomingFile:
    """Draw what the customer photographed: a bent pole on a lawn."""
    picture = Image.new("RGB", (960, 640), "#8fae7b")
    draw = ImageDraw.Draw(picture)
    for line in range(0, 640, 16):
        draw.line((0, line, 960, line + 40), fill="#86a572", width=5)
    draw.line((60, 420, 470, 330, 620, 420, 900, 210), fill="#c9c9c4", width=16, joint="curve")
    draw.line((60, 420, 470, 330, 620, 420, 900, 210), fill="#f4f4f0", width=5, joint="curve")
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return IncomingFile(name=name, content_type="image/png", content=kept.getvalue())
