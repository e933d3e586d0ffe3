"""The people who write to us: found, described, blocked, and everything that was said with them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.models import Contact
from inbox.api.asking import body, one, params
from inbox.api.contact_list import contact_page
from inbox.api.serializers import answers, requests
from inbox.api.shapes.contacts import contact_shape, with_name
from inbox.api.timeline import timeline_page
from inbox.querysets import contacts_visible_to
from inbox.rest.views import ApiView
from inbox.services.contacts import describe_contact
from inbox.services.conversations import block_contact, unblock_contact


class ContactView(ApiView):
    """A view of one contact, found through its guard."""

    def contact(self, pk: UUID) -> Contact:
        """Return the contact, or raise NotFoundError."""
        return one(contacts_visible_to(self.me), pk, "contact")

    def shape(self, pk: UUID) -> dict[str, Any]:
        """Return the contact as the outside sees it now."""
        return contact_shape(one(with_name(contacts_visible_to(self.me)), pk, "contact"))


class Contacts(ApiView):
    @extend_schema(
        operation_id="list_contacts",
        parameters=[requests.SearchParams],
        responses=answers.ContactPage,
    )
    def get(self, request: Request) -> Response:
        """List contacts, newest first; `q` finds names and addresses by their beginning."""
        return Response(contact_page(self.me, **params(request, requests.SearchParams)))


class OneContact(ContactView):
    @extend_schema(operation_id="get_contact", responses=answers.ContactShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return one contact with all addresses."""
        return Response(self.shape(pk))

    @extend_schema(
        operation_id="change_contact",
        request=requests.ContactPatch,
        responses=answers.ContactShape,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change name or notes."""
        contact = self.contact(pk)
        describe_contact(contact=contact, **body(request, requests.ContactPatch, partial=True))
        return Response(self.shape(pk))


class Timeline(ContactView):
    @extend_schema(
        operation_id="get_timeline",
        parameters=[requests.PageParams],
        responses=answers.TimelinePage,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return everything that happened with this person, newest first."""
        asked = params(request, requests.PageParams)
        return Response(timeline_page(self.contact(pk), **asked))


class Block(ContactView):
    @extend_schema(operation_id="block_contact", request=None, responses=answers.ContactShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Send what this person wrote and will write to spam."""
        block_contact(contact=self.contact(pk), by=self.me)
        return Response(self.shape(pk))

    @extend_schema(operation_id="unblock_contact", responses={200: answers.ContactShape})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Let this person's messages in again."""
        unblock_contact(contact=self.contact(pk), by=self.me)
        return Response(self.shape(pk))
