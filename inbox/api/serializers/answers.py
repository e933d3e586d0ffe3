"""The shapes of ``inbox.api.shapes``, declared for the OpenAPI document. Never instantiated to render.

``tests/inbox/test_api_schema.py`` holds the answers against them.
"""

from typing import Any

from rest_framework import serializers as s

from identity.models import PointKind, Role
from inbox.api.serializers.shop import ShopShape
from inbox.api.timeline import KINDS as TIMELINE_KINDS
from inbox.models import (
    AiState,
    AuthorKind,
    ChannelKind,
    DeliveryState,
    Direction,
    Priority,
    Status,
)


class ChannelRef(s.Serializer[Any]):
    """A channel as it is named everywhere."""

    id = s.UUIDField()
    kind = s.ChoiceField(ChannelKind.choices)


class Named(s.Serializer[Any]):
    """Somebody or something with a name."""

    id = s.UUIDField()
    name = s.CharField()


class Deadline(s.Serializer[Any]):
    """When something is due; null until SLA policies exist."""

    due_at = s.DateTimeField()
    kind = s.CharField()
    state = s.CharField()


class ConversationRow(s.Serializer[Any]):
    """One unit of work with one contact, as a list shows it."""

    id = s.UUIDField()
    number = s.IntegerField(help_text="What people call it: #1042.")
    status = s.ChoiceField(Status.choices)
    subject = s.CharField(allow_blank=True)
    channels = ChannelRef(many=True)
    contact = Named()
    assignee = Named(allow_null=True)
    team = Named(allow_null=True)
    priority = s.ChoiceField(Priority.choices)
    topic = s.CharField(allow_null=True)
    outcome = s.CharField(allow_null=True)
    tags = s.ListField(child=s.CharField())
    last_message_at = s.DateTimeField()
    waiting_since = s.DateTimeField(
        allow_null=True, help_text="Since when the customer waits; null when it is not our turn."
    )
    snoozed_until = s.DateTimeField(allow_null=True)
    sla = Deadline(allow_null=True)
    ai_state = s.ChoiceField(AiState.choices)
    preview = s.CharField(allow_blank=True)
    unread = s.BooleanField(help_text="The customer wrote something you have not read.")
    last_direction = s.ChoiceField(Direction.choices, allow_null=True)
    last_channel = ChannelRef(
        allow_null=True, help_text="Where the customer wrote last; a reply goes there."
    )
    last_seq = s.IntegerField()


class Point(s.Serializer[Any]):
    """One address of a contact, and why we believe it is theirs."""

    kind = s.ChoiceField(PointKind.choices)
    value = s.CharField()
    verified = s.BooleanField()
    evidence = s.CharField(allow_blank=True)


class ContactCard(Named):
    """A contact beside a conversation."""

    notes = s.CharField(allow_blank=True)
    blocked = s.BooleanField()
    points = Point(many=True)


class DraftShape(s.Serializer[Any]):
    """What you have typed and not sent."""

    mode = s.ChoiceField(["reply", "note"])
    body = s.CharField()
    updated_at = s.DateTimeField()


class ReplyShape(s.Serializer[Any]):
    """Where a reply would go."""

    channel = ChannelRef()
    to = s.ListField(child=s.CharField())
    cc = s.ListField(child=s.CharField())


class SpokenOrder(s.Serializer[Any]):
    """An order the customer named."""

    name = s.CharField(help_text="As the shop prints it, such as #1001.")
    message_id = s.UUIDField(help_text="The message that named it first.")
    claimed = s.BooleanField(help_text="Nothing has proven yet that the order is theirs.")


class ConversationDetail(ConversationRow):
    """A list row with what the thread's head and side show."""

    contact = ContactCard()
    draft = DraftShape(allow_null=True)
    reply = ReplyShape()
    opened_because = s.CharField(allow_blank=True)
    orders_spoken_of = SpokenOrder(many=True)
    shop = ShopShape(allow_null=True, help_text="Null where no shop was ever connected.")


class ConversationPage(s.Serializer[Any]):
    """A page of conversations; ``next`` is the cursor of the following one."""

    results = ConversationRow(many=True)
    next = s.CharField(allow_null=True)


class Segment(s.Serializer[Any]):
    """A piece of text; ``hit`` ones are to be highlighted."""

    text = s.CharField()
    hit = s.BooleanField()


class Match(s.Serializer[Any]):
    """The newest message that matched."""

    message_id = s.UUIDField()
    seq = s.IntegerField()
    snippet = Segment(many=True)


class SearchHit(ConversationRow):
    """A conversation that was found; ``match`` is null when filters alone found it."""

    match = Match(allow_null=True)


class SearchPage(s.Serializer[Any]):
    """A page of search results, newest match first."""

    results = SearchHit(many=True)
    next = s.CharField(allow_null=True)


class Author(s.Serializer[Any]):
    """Who wrote a message; ``id`` is a member's or a contact's."""

    kind = s.ChoiceField(AuthorKind.choices)
    id = s.UUIDField(allow_null=True)
    name = s.CharField(allow_blank=True)
    address = s.CharField(allow_null=True)
    verified = s.BooleanField(help_text="The channel proved the address.")


class Recipient(s.Serializer[Any]):
    """An address in To or Cc."""

    address = s.CharField()
    name = s.CharField(allow_blank=True, required=False)


class AttachmentShape(s.Serializer[Any]):
    """A file; the link works for a day."""

    id = s.UUIDField()
    name = s.CharField()
    type = s.CharField()
    size = s.IntegerField()
    url = s.CharField(allow_blank=True, help_text="Empty when the file could not be stored.")
    inline = s.BooleanField(help_text="Shown inside the formatted text.")


class DeliveryError(s.Serializer[Any]):
    """Why a message did not go, or may not have gone."""

    code = s.CharField(allow_blank=True)
    text = s.CharField(allow_blank=True)
    retryable = s.BooleanField()


class DeliveryShape(s.Serializer[Any]):
    """What we know of the customer's copy."""

    state = s.ChoiceField(DeliveryState.choices)
    error = DeliveryError(allow_null=True)


class Source(s.Serializer[Any]):
    """What a fact in an AI message is tied to."""

    title = s.CharField()
    url = s.CharField()


class MessageShape(s.Serializer[Any]):
    """One thing said."""

    id = s.UUIDField()
    seq = s.IntegerField()
    direction = s.ChoiceField(Direction.choices)
    author = Author()
    channel = ChannelRef(allow_null=True, help_text="Null for a private note.")
    to = Recipient(many=True)
    cc = Recipient(many=True)
    subject = s.CharField(allow_blank=True)
    body_text = s.CharField(allow_blank=True)
    body_html = s.CharField(
        allow_blank=True, help_text="Sanitised. Remote pictures wait in data-remote-src."
    )
    new_text = s.CharField(
        allow_blank=True, help_text="Without quotes and signature; empty if nothing was folded."
    )
    attachments = AttachmentShape(many=True)
    delivery = DeliveryShape(allow_null=True, help_text="Null for inbound and private messages.")
    provider_id = s.CharField(allow_null=True)
    provider_time = s.DateTimeField(allow_null=True)
    created_at = s.DateTimeField()
    send_at = s.DateTimeField(allow_null=True)
    client_id = s.UUIDField(allow_null=True)
    sources = Source(many=True)
    private = s.BooleanField()
    machine = s.ChoiceField(["human", "auto", "bulk"])
    warnings = s.ListField(child=s.CharField())


class ThreadEvent(s.Serializer[Any]):
    """A line nobody said, behind the message ``after_seq``."""

    id = s.UUIDField()
    kind = s.CharField()
    actor = Named(allow_null=True)
    after_seq = s.IntegerField()
    data = s.DictField()  # type: ignore[assignment]  # a field called as DRF's property
    created_at = s.DateTimeField()


class MessagePage(s.Serializer[Any]):
    """Messages in ascending order with the lines between them; ``next`` leads further back."""

    results = MessageShape(many=True)
    events = ThreadEvent(many=True)
    next = s.CharField(allow_null=True)


class ChannelCounts(s.DictField):
    """Open conversations by channel id."""

    child = s.IntegerField()


class CountsShape(s.Serializer[Any]):
    """How much there is, each capped: 100 means more than 99."""

    mine = s.IntegerField()
    unassigned = s.IntegerField()
    all = s.IntegerField()
    waiting = s.IntegerField()
    snoozed = s.IntegerField()
    unread = s.IntegerField()
    approvals = s.IntegerField()
    channels = ChannelCounts()


class MyUser(Named):
    """You, as a member of this workspace."""

    email = s.EmailField()
    signature = s.CharField(allow_blank=True)


class WorkspaceShape(Named):
    """A merchant account."""

    slug = s.CharField()


class MeShape(s.Serializer[Any]):
    """Who asks, where, and what they may do."""

    user = MyUser()
    workspace = WorkspaceShape()
    workspaces = WorkspaceShape(many=True)
    role = s.ChoiceField(Role.choices)
    can = s.ListField(child=s.CharField())


class MemberShape(Named):
    """A person of the workspace."""

    email = s.EmailField()
    role = s.ChoiceField(Role.choices)
    active = s.BooleanField()


class MemberList(s.Serializer[Any]):
    """All members."""

    results = MemberShape(many=True)
    next = s.CharField(allow_null=True)


class TeamShape(Named):
    """A team and the ids of its members."""

    members = s.ListField(child=s.UUIDField())


class TeamList(s.Serializer[Any]):
    """All teams."""

    results = TeamShape(many=True)
    next = s.CharField(allow_null=True)


class SavedReplyShape(Named):
    """A text agents use often."""

    shortcut = s.CharField(allow_blank=True)
    body = s.CharField()


class SavedReplyList(s.Serializer[Any]):
    """All saved replies."""

    results = SavedReplyShape(many=True)
    next = s.CharField(allow_null=True)


class ChannelShape(ChannelRef):
    """A door that conversations come through, and what it can do."""

    name = s.CharField()
    address = s.CharField(allow_blank=True)
    public_key = s.CharField()
    is_active = s.BooleanField()
    capabilities = s.DictField()


class ChannelList(s.Serializer[Any]):
    """All channels."""

    results = ChannelShape(many=True)
    next = s.CharField(allow_null=True)


class LinkedStore(s.Serializer[Any]):
    """The shop a customer is one of."""

    id = s.UUIDField()
    domain = s.CharField()


class LinkedCustomer(s.Serializer[Any]):
    """A shop's customer that a contact is, or is said to be."""

    id = s.UUIDField()
    gid = s.CharField(help_text="The shop's own id.")
    name = s.CharField(allow_blank=True)
    email = s.CharField(allow_blank=True)
    phone = s.CharField(allow_blank=True)
    store = LinkedStore()
    verified = s.BooleanField(help_text="False: only said to be.")
    evidence = s.CharField(allow_blank=True)


class ContactShape(ContactCard):
    """One person who writes to us."""

    language = s.CharField(allow_blank=True)
    timezone = s.CharField(allow_blank=True)
    merged_into = s.UUIDField(allow_null=True)
    shopify_customer = LinkedCustomer(allow_null=True, help_text="Whom they most surely are.")
    created_at = s.DateTimeField()


class ContactPage(s.Serializer[Any]):
    """A page of contacts, newest first."""

    results = ContactShape(many=True)
    next = s.CharField(allow_null=True)


class TimelineConversation(s.Serializer[Any]):
    """Where an item of a timeline happened."""

    id = s.UUIDField()
    number = s.IntegerField()
    subject = s.CharField(allow_blank=True)
    status = s.ChoiceField(Status.choices)


class TimelineItem(s.Serializer[Any]):
    """One thing in a person's story: ``message``, ``note`` or ``event``."""

    kind = s.ChoiceField(TIMELINE_KINDS)
    id = s.UUIDField()
    at = s.DateTimeField()
    conversation = TimelineConversation()
    channel = ChannelRef(allow_null=True)
    direction = s.ChoiceField(Direction.choices, allow_null=True)
    who = s.CharField(allow_blank=True)
    text = s.CharField(allow_blank=True)
    files = s.BooleanField()


class TimelinePage(s.Serializer[Any]):
    """A page of a timeline, newest first."""

    results = TimelineItem(many=True)
    next = s.CharField(allow_null=True)
