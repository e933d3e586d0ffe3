"""Merges of contacts: what may be asked, and the answers, declared for the OpenAPI document."""

from typing import Any

from rest_framework import serializers as s

from inbox.api.serializers.answers import Named, Point


class MergeInput(s.Serializer[Any]):
    """Who becomes part of the contact in the path."""

    other = s.UUIDField()


class Decision(s.Serializer[Any]):
    """Which of the two stays; without it, the one who was here first."""

    survivor = s.UUIDField(required=False, allow_null=True, default=None)


class MergeMade(s.Serializer[Any]):
    """The merge, by which it can be undone."""

    id = s.UUIDField()


class MergeShape(s.Serializer[Any]):
    """One merge of two contacts, and whether it was undone."""

    id = s.UUIDField()
    survivor = Named()
    other = Named()
    because = s.CharField()
    made_by = Named(allow_null=True, help_text="Null when a proof merged them.")
    made_at = s.DateTimeField()
    undone_by = Named(allow_null=True)
    undone_at = s.DateTimeField(allow_null=True)


class MergeList(s.Serializer[Any]):
    """A contact's merges, newest first."""

    results = MergeShape(many=True)
    next = s.CharField(allow_null=True)


class SuggestedContact(Named):
    """One of two contacts that may be one person."""

    points = Point(many=True)


class SuggestionShape(s.Serializer[Any]):
    """Two contacts that may be one person, and why."""

    id = s.UUIDField()
    first = SuggestedContact()
    second = SuggestedContact()
    because = s.CharField()
    created_at = s.DateTimeField()


class SuggestionPage(s.Serializer[Any]):
    """What waits for a decision, newest first."""

    results = SuggestionShape(many=True)
    next = s.CharField(allow_null=True)
