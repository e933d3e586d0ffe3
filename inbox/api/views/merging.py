"""Making one contact of two, taking it back, and deciding on suggestions."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.models import Contact, MergeSuggestion
from identity.services.contacts import merge_contacts, merges_of, undo_merge
from identity.services.merge_suggestions import (
    accept_suggestion,
    dismiss_suggestion,
    open_suggestions,
)
from inbox.api.asking import body, one, params
from inbox.api.serializers import merging, requests
from inbox.api.shapes.merging import merge_shape, suggestion_shape
from inbox.api.views.contacts import ContactView
from inbox.querysets import contacts_visible_to, merges_visible_to, suggestions_visible_to
from inbox.rest.paging import id_of, make_cursor, read_cursor
from inbox.rest.views import ApiView


class Merging(ContactView):
    @extend_schema(
        operation_id="merge_contacts",
        request=merging.MergeInput,
        responses={201: merging.MergeMade},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Make another contact part of this one. `POST /merges/{id}/undo` parts them again."""
        survivor = self.contact(pk)
        asked = body(request, merging.MergeInput)
        other = one(contacts_visible_to(self.me), asked["other"], "contact")
        because = f"{self.me.name} said that they are one person"
        merge = merge_contacts(survivor=survivor, other=other, by=self.me, because=because)
        return Response({"id": str(merge.pk)}, status=201)


class Merges(ContactView):
    @extend_schema(operation_id="list_merges", responses=merging.MergeList)
    def get(self, request: Request, pk: UUID) -> Response:
        """List the merges this contact was part of, newest first."""
        found = merges_of(self.contact(pk))[:100]
        return Response({"results": [merge_shape(row) for row in found], "next": None})


class Undoing(ApiView):
    @extend_schema(operation_id="undo_merge", request=None, responses=merging.MergeShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Part two merged contacts again, exactly as they were; what came since stays.

        409 `already_undone` the second time, 409 `later_merge` when another merge builds on it.
        """
        merge = one(merges_visible_to(self.me), pk, "merge")
        return Response(merge_shape(undo_merge(merge=merge, by=self.me)))


class SuggestionView(ApiView):
    """A view of one suggestion, found through its guard."""

    def suggestion(self, pk: UUID) -> MergeSuggestion:
        """Return the suggestion, or raise NotFoundError."""
        return one(suggestions_visible_to(self.me), pk, "suggestion")


class Suggestions(ApiView):
    @extend_schema(
        operation_id="list_merge_suggestions",
        parameters=[requests.PageParams],
        responses=merging.SuggestionPage,
    )
    def get(self, request: Request) -> Response:
        """List contacts that may be one person, by weak evidence."""
        asked = params(request, requests.PageParams)
        found = open_suggestions().prefetch_related("first__points", "second__points")
        if asked["cursor"]:
            found = found.filter(pk__lt=id_of(read_cursor(asked["cursor"], 1)))
        rows = list(found.order_by("-pk")[: asked["limit"] + 1])
        shown = rows[: asked["limit"]]
        more = len(rows) > len(shown)
        return Response(
            {
                "results": [suggestion_shape(row) for row in shown],
                "next": make_cursor(str(shown[-1].pk)) if more else None,
            }
        )


class Acceptance(SuggestionView):
    @extend_schema(
        operation_id="accept_merge_suggestion",
        request=merging.Decision,
        responses={201: merging.MergeMade},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Merge the two."""
        suggestion = self.suggestion(pk)
        asked = body(request, merging.Decision)
        survivor: Contact | None = None
        if asked["survivor"] is not None:
            survivor = one(contacts_visible_to(self.me), asked["survivor"], "contact")
        merge = accept_suggestion(suggestion=suggestion, by=self.me, survivor=survivor)
        return Response({"id": str(merge.pk)}, status=201)


class Dismissal(SuggestionView):
    @extend_schema(operation_id="dismiss_merge_suggestion", request=None, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        """Say that the two are different people; the pair is not suggested again."""
        dismiss_suggestion(suggestion=self.suggestion(pk), by=self.me)
        return Response(status=204)
