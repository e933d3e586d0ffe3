"""Contacts that may be one person: weak evidence waits here for somebody to decide (ID-3).

Weak is what anybody can type: the same claimed address, the same number. Each pair is suggested once;
a dismissed one does not come back.
"""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from identity.errors import CannotMergeError
from identity.models import (
    Contact,
    ContactMerge,
    Membership,
    MergeSuggestion,
    PointKind,
    SuggestionState,
)
from identity.services.contacts import merge_contacts
from identity.tenancy import require_workspace_id

#: Kinds that name a person in the same way: a WhatsApp number is a phone number.
_SAME = (frozenset({PointKind.EMAIL}), frozenset({PointKind.PHONE, PointKind.WHATSAPP}))
#: An address on more contacts than this is a shared one, such as a family's or our own.
MOST_OF_ONE_ADDRESS = 10

_SUGGEST = """
INSERT INTO identity_mergesuggestion
       (id, workspace_id, first_id, second_id, because, state, created_at)
SELECT gen_random_uuid(), %(workspace)s, least(c.id, %(contact)s), greatest(c.id, %(contact)s),
       %(because)s, 'open', now()
  FROM (SELECT DISTINCT p.contact_id AS id FROM identity_contactpoint p
         WHERE p.workspace_id = %(workspace)s AND p.kind = ANY(%(kinds)s) AND p.value = %(value)s
           AND p.contact_id <> %(contact)s LIMIT %(most)s) AS same
  JOIN identity_contact c ON c.workspace_id = %(workspace)s AND c.id = same.id
   AND c.merged_into_id IS NULL
    ON CONFLICT (workspace_id, first_id, second_id) DO NOTHING
"""


def suggest_same_people(*, contact_id: UUID, kind: str, value: str) -> int:
    """Queue every other contact with this address. One statement; returns how many were new."""
    kinds = next((same for same in _SAME if kind in same), None)
    if kinds is None or not value:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _SUGGEST,
            {
                "workspace": require_workspace_id(),
                "contact": contact_id,
                "kinds": [str(one) for one in kinds],
                "value": value,
                "because": _because(kind),
                "most": MOST_OF_ONE_ADDRESS,
            },
        )
        return int(cursor.rowcount)


def open_suggestions() -> QuerySet[MergeSuggestion]:
    """Return what waits for a decision; pairs of which one was merged meanwhile are not shown."""
    return MergeSuggestion.objects.filter(
        state=SuggestionState.OPEN,
        first__merged_into=None,
        second__merged_into=None,
    ).select_related("first", "second")


def accept_suggestion(
    *, suggestion: MergeSuggestion, by: Membership, survivor: Contact | None = None
) -> ContactMerge:
    """Merge the pair; without a choice the contact who was here first survives."""
    _refuse_decided(suggestion)
    pair = {suggestion.first_id: suggestion.first, suggestion.second_id: suggestion.second}
    kept = pair.pop(survivor.pk if survivor else suggestion.first_id, None)
    if kept is None:
        raise CannotMergeError("The contact that is to stay is not one of the two.")
    (other,) = pair.values()
    merge = merge_contacts(survivor=kept, other=other, by=by, because=suggestion.because)
    _decide(suggestion, SuggestionState.ACCEPTED, by)
    return merge


def dismiss_suggestion(*, suggestion: MergeSuggestion, by: Membership) -> MergeSuggestion:
    """Say that the two are different people."""
    _refuse_decided(suggestion)
    return _decide(suggestion, SuggestionState.DISMISSED, by)


def _because(kind: str) -> str:
    return "the same e-mail address" if kind == PointKind.EMAIL else "the same phone number"


def _refuse_decided(suggestion: MergeSuggestion) -> None:
    if suggestion.state != SuggestionState.OPEN:
        raise CannotMergeError(
            "Somebody has decided this already.", code=f"already_{suggestion.state}"
        )


def _decide(suggestion: MergeSuggestion, state: str, by: Membership) -> MergeSuggestion:
    suggestion.state, suggestion.decided_by = state, by
    suggestion.decided_at = timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at"])
    return suggestion
