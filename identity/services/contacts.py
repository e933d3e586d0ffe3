"""Making one contact of two, and taking that back exactly (ID-3).

A merge moves every row of the other contact to the survivor and records which. The other one stays,
empty and pointing to the survivor. Undoing gives back what was recorded, field by field as it was;
what came after the merge stays with the survivor, and so does what somebody changed since.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.events import publish
from identity.errors import AlreadyUndoneError, CannotMergeError, LaterMergeError
from identity.events import ContactsMerged, ContactsParted
from identity.models import (
    Contact,
    ContactMerge,
    ContactPoint,
    ContactProof,
    CustomerLink,
    Membership,
    MergedRows,
    MergeSuggestion,
    OneTimeCode,
    SuggestionState,
)
from identity.services.contact_rows import (
    ContactRows,
    all_contact_rows,
    contact_rows_at,
    rows_of_contact,
)
from identity.tenancy import require_workspace_id

rows_of_contact(ContactPoint, once_by=("kind", "value"), stronger="verified")
rows_of_contact(ContactProof)
rows_of_contact(OneTimeCode)
rows_of_contact(
    CustomerLink, once_by=("customer_id",), once_where=Q(undone_at=None), stronger="verified"
)

#: What a survivor takes over where it says nothing itself.
_FILLED = ("name", "language", "timezone", "blocked_at")
_RECENTLY = timedelta(hours=1)


def merge_contacts(
    *, survivor: Contact, other: Contact, by: Membership | None, because: str
) -> ContactMerge:
    """Make ``other`` part of ``survivor``. Raises CannotMergeError when one is part of another."""
    if survivor.pk == other.pk:
        raise CannotMergeError("A contact can't be merged with itself. Choose another one.")
    survivor, other = _locked(survivor, other)
    for contact in (survivor, other):
        if contact.merged_into_id is not None:
            raise CannotMergeError(
                f"{contact} is already part of another contact. Open that one and merge from there."
            )
    changes = _described_by(survivor, other)
    merge = ContactMerge.objects.create(
        survivor=survivor,
        other=other,
        because=because[:200],
        made_by=by,
        made_at=timezone.now(),
        changes={
            name: [_plain(before), _plain(after)] for name, (before, after) in changes.items()
        },
    )
    for rows in all_contact_rows():
        _move_rows(merge, rows)
    # By update(): the clocks of both rows stay as they were, so that undoing restores them too.
    if changes:
        Contact.objects.filter(pk=survivor.pk).update(
            **{name: after for name, (_, after) in changes.items()}
        )
    Contact.objects.filter(pk=other.pk).update(merged_into=survivor.pk)
    MergeSuggestion.objects.filter(
        state=SuggestionState.OPEN,
        first_id__in=[survivor.pk, other.pk],
        second_id__in=[survivor.pk, other.pk],
    ).update(state=SuggestionState.ACCEPTED, decided_by=by, decided_at=merge.made_at)
    publish(
        ContactsMerged(
            workspace_id=require_workspace_id(),
            merge_id=merge.pk,
            survivor_id=survivor.pk,
            other_id=other.pk,
        )
    )
    return merge


def undo_merge(*, merge: ContactMerge, by: Membership | None) -> ContactMerge:
    """Part the two again. Raises AlreadyUndoneError, and LaterMergeError when rows went on since."""
    survivor, other = _locked(merge.survivor, merge.other)
    merge = ContactMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise AlreadyUndoneError("This merge was undone before.")
    _refuse_if_moved_on(merge)
    for place in dict.fromkeys(merge.rows.order_by("pk").values_list("place", flat=True)):
        rows = contact_rows_at(place)
        if rows is not None:
            _give_back(merge, rows)
    _restore_description(merge, survivor)
    Contact.objects.filter(pk=other.pk).update(merged_into=None)
    merge.undone_at = timezone.now()
    merge.undone_by = by
    merge.save(update_fields=["undone_at", "undone_by"])
    # Whoever parted them knows: the pair is not suggested again.
    first, second = sorted([survivor, other], key=lambda one: one.pk)
    MergeSuggestion.objects.update_or_create(
        first=first,
        second=second,
        defaults={
            "state": SuggestionState.DISMISSED,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
        create_defaults={
            "because": merge.because,
            "state": SuggestionState.DISMISSED,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    publish(
        ContactsParted(
            workspace_id=require_workspace_id(),
            merge_id=merge.pk,
            survivor_id=survivor.pk,
            other_id=other.pk,
        )
    )
    return merge


def merges_of(contact: Contact) -> QuerySet[ContactMerge]:
    """Return the history of a contact's merges, newest first."""
    return (
        ContactMerge.objects.filter(Q(survivor=contact) | Q(other=contact))
        .select_related("survivor", "other", "made_by__user", "undone_by__user")
        .order_by("-made_at")
    )


def gather_strays(*, now: datetime) -> int:
    """Bring rows to the survivor that were written for the other while the two were merged.

    A message being received at that very moment does not wait for the merge, nor the merge for it.
    Such rows came after the merge: they stay with the survivor.
    """
    moved = 0
    merges = ContactMerge.objects.filter(undone_at=None, made_at__gt=now - _RECENTLY)
    for merge in merges.select_related("survivor", "other"):
        survivor, other = _locked(merge.survivor, merge.other)
        if other.merged_into_id != survivor.pk or survivor.merged_into_id is not None:
            continue
        for rows in all_contact_rows():
            if not rows.once_by:
                strays = rows.ids_of(other.pk)
                moved += rows.move(strays, source=other.pk, target=survivor.pk)
    return moved


def _locked(*contacts: Contact) -> list[Contact]:
    """Lock contacts in one order, without holding up messages that refer to them."""
    ids = [one.pk for one in contacts]
    rows = Contact.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < len(set(ids)):
        raise NotFoundError("There is no such contact.")
    return [found[pk] for pk in ids]


def _described_by(survivor: Contact, other: Contact) -> dict[str, tuple[Any, Any]]:
    """Return what the survivor takes over: ``{field: (before, after)}``."""
    changes: dict[str, tuple[Any, Any]] = {}
    for name in _FILLED:
        before, offered = getattr(survivor, name), getattr(other, name)
        if offered and not before:
            changes[name] = (before, offered)
    if other.notes and other.notes not in survivor.notes:
        both = "\n\n".join(part for part in (survivor.notes, other.notes) if part)
        changes["notes"] = (survivor.notes, both)
    return changes


def _restore_description(merge: ContactMerge, survivor: Contact) -> None:
    """Give back what was taken over, unless somebody has changed it since."""
    restored = {
        name: before
        for name, (before, after) in merge.changes.items()
        if _plain(getattr(survivor, name)) == after
    }
    if restored:
        Contact.objects.filter(pk=survivor.pk).update(**restored)


def _move_rows(merge: ContactMerge, rows: ContactRows) -> None:
    source, target = merge.other_id, merge.survivor_id
    forward, back = rows.plan(source=source, target=target)
    _exchange(rows, forward, back, source=source, target=target)
    for ids, came_from, went_to in ((forward, source, target), (back, target, source)):
        if ids:
            MergedRows.objects.create(
                merge=merge, place=rows.place, came_from=came_from, went_to=went_to, ids=ids
            )


def _give_back(merge: ContactMerge, rows: ContactRows) -> None:
    recorded = MergedRows.objects.filter(merge=merge, place=rows.place)
    moved = {row.came_from: row.ids for row in recorded}
    forward, back = moved.get(merge.other_id, []), moved.get(merge.survivor_id, [])
    # Somebody may have made an equal row since; theirs is newer and stays.
    forward = rows.without_equal(forward, at=merge.other_id, leaving=back)
    back = rows.without_equal(back, at=merge.survivor_id, leaving=forward)
    _exchange(rows, forward, back, source=merge.survivor_id, target=merge.other_id)


def _exchange(
    rows: ContactRows, forward: list[UUID], back: list[UUID], *, source: UUID, target: UUID
) -> None:
    """Move rows both ways. Equal rows can't stand on one contact, so some wait on a third one."""
    if not back:
        rows.move(forward, source=source, target=target)
        return
    waiting = Contact.objects.create()
    rows.move(back, source=target, target=waiting.pk)
    rows.move(forward, source=source, target=target)
    rows.move(back, source=waiting.pk, target=source)
    waiting.delete()


def _refuse_if_moved_on(merge: ContactMerge) -> None:
    mine = {row.place: set(row.ids) for row in merge.rows.all()}
    later = ContactMerge.objects.filter(undone_at=None, made_at__gt=merge.made_at)
    touching = later.filter(
        Q(survivor_id__in=[merge.survivor_id, merge.other_id])
        | Q(other_id__in=[merge.survivor_id, merge.other_id])
    )
    for one in touching.order_by("-made_at"):
        shared = any(mine.get(row.place, set()) & set(row.ids) for row in one.rows.all())
        if shared or one.other_id == merge.survivor_id:
            raise LaterMergeError(
                "The two were merged with another contact since. Undo that merge first.",
                extra={"merge": str(one.pk)},
            )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
