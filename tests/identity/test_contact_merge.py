"""Two contacts become one, and two again, exactly (ID-3)."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from channels_app.chat.services.sessions import Visitor, create_session
from channels_app.models import ChatSession
from identity.errors import AlreadyUndoneError, CannotMergeError, LaterMergeError
from identity.models import (
    Contact,
    ContactMerge,
    ContactPoint,
    ContactProof,
    MergedRows,
    MergeSuggestion,
)
from identity.services.contact_rows import all_contact_rows
from identity.services.contacts import gather_strays, merge_contacts, merges_of, undo_merge
from identity.services.merge_suggestions import (
    accept_suggestion,
    dismiss_suggestion,
    open_suggestions,
)
from identity.services.resolution import resolve_sender
from identity.tenancy import TenantModel, tenant_scope
from inbox.models import Conversation, Message
from tests.factories.inbox import receive_chat, receive_mail

#: References to contacts that a merge must leave where they are, each with its reason.
STAYS = {
    "identity_contact.merged_into_id": "the merge itself",
    "identity_contactmerge.survivor_id": "the history of merges",
    "identity_contactmerge.other_id": "the history of merges",
    "identity_mergesuggestion.first_id": "a question about these two contacts",
    "identity_mergesuggestion.second_id": "a question about these two contacts",
}
#: What a merge writes about itself.
OWN = {ContactMerge, MergedRows, MergeSuggestion}


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def dana(mail) -> Contact:
    """Somebody with a proven mailbox, mails and notes about her."""
    received = receive_mail(mail, sender_verified=True, sender_evidence="DMARC passed")
    contact = received.conversation.contact
    Contact.objects.filter(pk=contact.pk).update(notes="Likes tea.", language="nb")
    contact.refresh_from_db()
    return contact


@pytest.fixture
def visitor(chat) -> Contact:
    """Somebody in the chat who typed Dana's address and a name of their own."""
    session, _ = create_session(
        channel=chat, visitor=Visitor(name="D.", email="dana@customer.test", consent_text="yes")
    )
    receive_chat(chat, contact=session.contact)
    ContactProof.objects.create(
        contact=session.contact,
        kind="email",
        value="dana@customer.test",
        how="code",
        through_kind="chat",
        through_value=str(session.pk),
        proven_at=timezone.now(),
    )
    return session.contact


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the workspace, field by field."""
    return {
        model._meta.label: [dict(row) for row in model.objects.order_by("pk").values()]
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model not in OWN
    }


def merge(survivor, other, by=None):
    return merge_contacts(survivor=survivor, other=other, by=by, because="asked for")


def test_every_reference_to_a_contact_is_moved_or_stays_for_a_reason():
    """Read from the database, so that a new table can't escape."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) "
            "WHERE c.contype = 'f' AND c.confrelid = 'identity_contact'::regclass "
            "AND a.attname <> 'workspace_id' UNION "
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name LIKE '%%contact%%' "
            "AND data_type IN ('uuid', 'ARRAY')"
        )
        there = {f"{table}.{column}" for table, column in cursor.fetchall()}
    moved = {f"{rows.model._meta.db_table}.{rows.field}_id" for rows in all_contact_rows()}
    assert there - moved == set(STAYS)
    assert moved - there == set()


def test_everything_of_the_other_becomes_the_survivors(dana, visitor):
    merge(dana, visitor)
    for rows in all_contact_rows():
        left = rows.model.objects.filter(**{rows.field: visitor.pk})
        assert not rows.once_by or left.count() <= 1
        assert rows.once_by or not left.exists(), rows.place
    assert Conversation.objects.filter(contact=dana).count() == 2
    assert ChatSession.objects.get().contact == dana
    visitor.refresh_from_db()
    assert visitor.merged_into == dana


@pytest.mark.parametrize("survivor", ["dana", "visitor"])
def test_undoing_restores_every_row_field_by_field(dana, visitor, ana, survivor):
    before = everything()
    kept, gone = (dana, visitor) if survivor == "dana" else (visitor, dana)
    made = merge(kept, gone, by=ana)
    assert everything() != before
    undo_merge(merge=made, by=ana)
    assert everything() == before


@pytest.mark.parametrize("survivor", ["dana", "visitor"])
def test_the_proven_address_is_the_survivors_and_the_claim_lies_beside(dana, visitor, survivor):
    kept, gone = (dana, visitor) if survivor == "dana" else (visitor, dana)
    merge(kept, gone)
    assert kept.points.get(kind="email").verified is True
    assert gone.points.get().verified is False
    assert resolve_sender(kind="email", value="dana@customer.test").contact == kept


def test_what_came_after_stays_with_the_survivor(dana, visitor, mail, ana):
    made = merge(visitor, dana)
    later = receive_mail(mail, subject="Another thing").conversation
    assert later.contact == visitor
    undo_merge(merge=made, by=ana)
    later.refresh_from_db()
    assert later.contact == visitor
    again = receive_mail(mail, subject="A third thing").conversation
    assert again.contact == dana


def test_what_an_agent_changed_since_is_not_undone(dana, visitor):
    made = merge(visitor, dana)
    assert Contact.objects.get(pk=visitor.pk).language == "nb"
    Contact.objects.filter(pk=visitor.pk).update(notes="Prefers calls.")
    undo_merge(merge=made, by=None)
    visitor.refresh_from_db()
    assert (visitor.notes, visitor.language) == ("Prefers calls.", "")


def test_undoing_twice_is_refused(dana, visitor):
    made = merge(dana, visitor)
    undo_merge(merge=made, by=None)
    with pytest.raises(AlreadyUndoneError):
        undo_merge(merge=made, by=None)


def test_a_contact_is_part_of_one_other_at_most(dana, visitor, chat):
    third = receive_chat(chat).conversation.contact
    merge(dana, visitor)
    for survivor, other in ((third, visitor), (visitor, third), (dana, dana)):
        with pytest.raises(CannotMergeError):
            merge(survivor, other)


def test_merges_that_build_on_each_other_are_undone_from_the_last(dana, visitor, chat):
    third = receive_chat(chat).conversation.contact
    before = everything()
    first = merge(dana, visitor)
    between = everything()
    second = merge(third, dana)
    with pytest.raises(LaterMergeError):
        undo_merge(merge=first, by=None)
    undo_merge(merge=second, by=None)
    assert everything() == between
    undo_merge(merge=first, by=None)
    assert everything() == before


def test_merges_beside_each_other_are_undone_in_any_order(dana, visitor, chat):
    third = receive_chat(chat, email="third@customer.test").conversation.contact
    before = everything()
    first, second = merge(dana, visitor), merge(dana, third)
    undo_merge(merge=first, by=None)
    undo_merge(merge=second, by=None)
    assert everything() == before


def test_a_message_received_while_the_two_were_merged_is_gathered(dana, visitor, mail):
    made = merge(dana, visitor)
    Conversation.objects.filter(contact=dana).update(contact=visitor)
    Message.objects.update(author_contact=visitor)
    assert gather_strays(now=timezone.now()) > 0
    assert not Conversation.objects.filter(contact=visitor).exists()
    assert gather_strays(now=timezone.now()) == 0
    undo_merge(merge=made, by=None)
    assert gather_strays(now=timezone.now()) == 0


def test_the_history_is_kept(dana, visitor, ana):
    made = merge(dana, visitor, by=ana)
    undo_merge(merge=made, by=ana)
    (told,) = merges_of(visitor)
    assert (told.made_by, told.undone_by, told.because) == (ana, ana, "asked for")


def test_the_same_claimed_address_is_suggested_once(chat, ana):
    first = receive_chat(chat, email="Same@customer.test").conversation.contact
    second = receive_chat(chat, email="same@customer.test").conversation.contact
    (suggestion,) = open_suggestions()
    assert (suggestion.first, suggestion.second) == (first, second)
    assert suggestion.because == "the same e-mail address"
    dismiss_suggestion(suggestion=suggestion, by=ana)
    with pytest.raises(CannotMergeError):
        accept_suggestion(suggestion=suggestion, by=ana)
    assert not open_suggestions().exists()


def test_accepting_a_suggestion_merges_and_undoing_does_not_bring_it_back(chat, ana):
    first = receive_chat(chat, email="same@customer.test").conversation.contact
    second = receive_chat(chat, email="same@customer.test").conversation.contact
    made = accept_suggestion(suggestion=open_suggestions().get(), by=ana)
    assert (made.survivor, made.other) == (first, second)
    undo_merge(merge=made, by=ana)
    assert not open_suggestions().exists()


def test_a_big_contact_is_merged_in_few_statements(
    dana, visitor, mail, django_assert_max_num_queries
):
    for _ in range(30):
        receive_mail(mail)
    with django_assert_max_num_queries(60):
        merge(visitor, dana)
    assert ContactPoint.objects.filter(contact=visitor, verified=True).count() == 2
