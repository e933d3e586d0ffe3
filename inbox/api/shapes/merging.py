"""Merges of contacts and suggestions of them."""

from typing import Any

from identity.models import Contact, ContactMerge, MergeSuggestion
from inbox.api.shapes.conversations import named, point_shape
from inbox.rest.times import when


def called(contact: Contact) -> str:
    """Return what people call a contact whose points were fetched with it."""
    if contact.name:
        return contact.name
    return next((point.value for point in contact.points.all() if point.kind == "email"), "Unknown")


def merge_shape(merge: ContactMerge) -> dict[str, Any]:
    """Return one merge of ``merges_of``."""
    return {
        "id": str(merge.pk),
        "survivor": {"id": str(merge.survivor_id), "name": str(merge.survivor)},
        "other": {"id": str(merge.other_id), "name": str(merge.other)},
        "because": merge.because,
        "made_by": named(merge.made_by),
        "made_at": when(merge.made_at),
        "undone_by": named(merge.undone_by),
        "undone_at": when(merge.undone_at),
    }


def suggestion_shape(suggestion: MergeSuggestion) -> dict[str, Any]:
    """Return one suggestion with both contacts and their addresses."""
    return {
        "id": str(suggestion.pk),
        "first": _contact(suggestion.first),
        "second": _contact(suggestion.second),
        "because": suggestion.because,
        "created_at": when(suggestion.created_at),
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "id": str(contact.pk),
        "name": called(contact),
        "points": [point_shape(point) for point in contact.points.all()],
    }
