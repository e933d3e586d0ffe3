"""Reads that compose: what one person may see, and what a list shows."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from identity.commerce.models import MoneyAction
from identity.commerce.states import State
from identity.models import (
    Contact,
    ContactMerge,
    ContactPoint,
    Membership,
    MergeSuggestion,
    PointKind,
)
from inbox.models import (
    Attachment,
    Channel,
    Conversation,
    Delivery,
    Draft,
    Message,
    ReadMarker,
)
from inbox.services.showing import judged_by
from inbox.services.store_side import stores_here


def conversations_visible_to(membership: Membership) -> QuerySet[Conversation]:
    """Return the conversations a person may open: for now all of their workspace."""
    return Conversation.objects.all() if membership.is_active else Conversation.objects.none()


def messages_visible_to(membership: Membership) -> QuerySet[Message]:
    """Return the messages a person may read."""
    return Message.objects.all() if membership.is_active else Message.objects.none()


def awaiting_approval() -> QuerySet[MoneyAction, Any]:
    """Return the ids of conversations in which an action waits for somebody's approval."""
    waiting = MoneyAction.objects.filter(
        state=State.AWAITING_APPROVAL, origin_conversation_id__isnull=False
    )
    return waiting.order_by().values("origin_conversation_id")


def contacts_visible_to(membership: Membership) -> QuerySet[Contact]:
    """Return the contacts a person may see."""
    return Contact.objects.all() if membership.is_active else Contact.objects.none()


def merges_visible_to(membership: Membership) -> QuerySet[ContactMerge]:
    """Return the merges of contacts a person may see and undo."""
    found = ContactMerge.objects.select_related(
        "survivor", "other", "made_by__user", "undone_by__user"
    )
    return found if membership.is_active else found.none()


def suggestions_visible_to(membership: Membership) -> QuerySet[MergeSuggestion]:
    """Return the suggested merges a person may decide on."""
    found = MergeSuggestion.objects.select_related("first", "second")
    return found if membership.is_active else found.none()


def uploads_of(membership: Membership) -> QuerySet[Attachment]:
    """Return the files a person uploaded and has not sent."""
    return Attachment.objects.filter(uploaded_by=membership, message__isnull=True)


def contact_name(prefix: str = "") -> Any:
    """Return an expression for a contact's name; nameless people are called by their address.

    ``prefix`` is the path to the contact, such as ``contact__``.
    """
    address = (
        ContactPoint.objects.filter(contact=OuterRef(f"{prefix}pk"), kind=PointKind.EMAIL)
        .order_by("-verified", "-id")
        .values("value")[:1]
    )
    return Coalesce(
        NullIf(F(f"{prefix}name"), Value("")), Subquery(address), Value("Unknown visitor")
    )


def as_rows(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Add what a list row shows, in the same statement."""
    return conversations.select_related("assignee__user", "team").annotate(
        contact_name=contact_name("contact__")
    )


def with_read_seq(
    conversations: QuerySet[Conversation], membership: Membership
) -> QuerySet[Conversation]:
    """Add how far a person has read each conversation."""
    marker = ReadMarker.objects.filter(conversation=OuterRef("pk"), membership=membership).values(
        "seq"
    )[:1]
    return conversations.annotate(read_seq=Coalesce(Subquery(marker), 0))


def for_detail(
    conversations: QuerySet[Conversation], membership: Membership
) -> QuerySet[Conversation]:
    """Add what an open conversation shows besides its row: the reader's draft, and the shops.

    All in the statement of the row: opening a conversation is counted in statements.
    """
    draft = Draft.objects.filter(conversation=OuterRef("pk"), membership=membership)
    return (
        with_read_seq(as_rows(conversations), membership)
        .select_related("contact", "last_channel")
        .prefetch_related("contact__points")
        .annotate(
            draft_mode=Subquery(draft.values("mode")[:1]),
            draft_body=Subquery(draft.values("body")[:1]),
            draft_at=Subquery(draft.values("updated_at")[:1]),
            stores=stores_here(),
            **judged_by(),
        )
    )


def channel_kinds() -> Mapping[UUID, str]:
    """Return the kind of every channel of the workspace; there are a handful."""
    return dict(Channel.objects.values_list("pk", "kind"))


def for_thread(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Add what a message in the thread shows besides its files and delivery."""
    return messages.select_related("author__user")


def newest_deliveries(message_ids: Iterable[UUID]) -> dict[UUID, Delivery]:
    """Return the last attempt of each message that has one."""
    rows = Delivery.objects.filter(message_id__in=list(message_ids)).order_by("attempt")
    return {row.message_id: row for row in rows}


def files_of(message_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Return the files of each message that has some."""
    found: dict[UUID, list[Attachment]] = {}
    for file in Attachment.objects.filter(message_id__in=list(message_ids)).order_by("pk"):
        if file.message_id is not None:
            found.setdefault(file.message_id, []).append(file)
    return found
