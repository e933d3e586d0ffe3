"""Actions that write back to a shop: preview with verdict, confirmation, approval, what became of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from identity.commerce import actions
from identity.commerce.codec import CodecError
from identity.commerce.facts import OrderFacts
from identity.commerce.invoice import invoice_pdf
from identity.commerce.models import MoneyAction
from identity.commerce.money import MoneyError
from identity.commerce.requests import REQUESTS, Kind
from identity.commerce.requests import Request as Asked
from identity.commerce.states import State
from identity.models import Store, StoreCustomer, StoreOrder
from inbox.api.asking import body, one, params
from inbox.api.serializers import money as shapes
from inbox.api.shapes.money import action_shape, action_shapes
from inbox.querysets import conversations_visible_to
from inbox.rest.paging import id_of, make_cursor, read_cursor
from inbox.rest.views import ApiView

LARGEST_LIST = 250


class BadRequestError(HelpdeskError):
    """The members of this kind are not right."""

    code = "invalid"


class ActionView(ApiView):
    """A view of one action, found inside the workspace."""

    def action_of(self, pk: UUID) -> MoneyAction:
        """Return the action, or raise NotFoundError."""
        return one(_rows(), pk, "action")

    def shape(self, pk: UUID) -> dict[str, Any]:
        """Return the action as it is now."""
        return action_shape(self.action_of(pk), self.me)


class Actions(ActionView):
    @extend_schema(
        operation_id="list_money_actions",
        parameters=[shapes.ActionParams],
        responses=shapes.MoneyActionPage,
    )
    def get(self, request: Request) -> Response:
        """List actions, newest first; of one conversation, order or state."""
        asked = params(request, shapes.ActionParams)
        found = _rows()
        if asked["conversation"]:
            # A filter by what is not here finds nothing; only an address of its own is a 404.
            talks = conversations_visible_to(self.me).filter(pk=asked["conversation"])
            found = found.filter(origin_conversation_id__in=talks.values("pk"))
        if asked["order"]:
            order = StoreOrder.objects.filter(pk=asked["order"]).first()
            found = found.filter(
                store=order.store_id if order else None, order_id=order.gid if order else ""
            )
        if asked["state"]:
            found = found.filter(state=asked["state"])
        if asked["cursor"]:
            found = found.filter(pk__lt=id_of(read_cursor(asked["cursor"], 1)))
        rows = list(found.order_by("-pk")[: asked["limit"] + 1])
        shown, more = rows[: asked["limit"]], len(rows) > asked["limit"]
        cursor = make_cursor(str(shown[-1].pk)) if more else None
        return Response({"results": action_shapes(shown, self.me), "next": cursor})

    @extend_schema(
        operation_id="preview_money_action",
        request=shapes.NewAction,
        responses={201: shapes.MoneyActionShape},
    )
    def post(self, request: Request) -> Response:
        """Ask the shop what would happen and the policy whether it may. Nothing happens yet."""
        asked = body(request, shapes.NewAction)
        talk = None
        if asked["conversation"]:
            talk = one(conversations_visible_to(self.me), asked["conversation"], "conversation")
        store, order, customer = _about(asked)
        action = actions.preview_action(
            store=store,
            request=asked_for(Kind(asked["kind"]), request.data),
            order_id=order.gid if order else "",
            customer_id=customer,
            actor=actions.actor_of(self.me),
            by=self.me,
            reason=_why(asked, request.data),
            conversation_id=talk.pk if talk else None,
        )
        return Response(self.shape(action.pk), status=201)


class OneAction(ActionView):
    @extend_schema(operation_id="get_money_action", responses=shapes.MoneyActionShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return one action; ask again until its state says how it ended."""
        return Response(self.shape(pk))


class Confirmation(ActionView):
    @extend_schema(
        operation_id="confirm_money_action", request=None, responses=shapes.MoneyActionShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Let it happen, or ask for approval where the verdict says so. Twice is the same as once."""
        actions.confirm(action=self.action_of(pk), by=self.me)
        return Response(self.shape(pk))


class Approval(ActionView):
    @extend_schema(
        operation_id="approve_money_action",
        request=shapes.Decided,
        responses=shapes.MoneyActionShape,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Approve what somebody else asked for, or decline it."""
        asked = body(request, shapes.Decided)
        decide = actions.approve if asked["decision"] == "approve" else actions.decline
        decide(action=self.action_of(pk), by=self.me, reason=asked["reason"])
        return Response(self.shape(pk))


class Refusal(ActionView):
    @extend_schema(
        operation_id="decline_money_action",
        request=shapes.Refused,
        responses=shapes.MoneyActionShape,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Decline what somebody asked for, or take your own request back."""
        reason = body(request, shapes.Refused)["reason"]
        actions.decline(action=self.action_of(pk), by=self.me, reason=reason)
        return Response(self.shape(pk))


class Document(ActionView):
    @extend_schema(
        operation_id="get_money_action_document",
        responses={
            (200, "application/pdf"): OpenApiResponse(bytes, description="The invoice as a PDF.")
        },
    )
    def get(self, request: Request, pk: UUID) -> Any:
        """Return the document an action made, as a file."""
        action = self.action_of(pk)
        if action.kind != Kind.INVOICE or action.state != State.DONE:
            raise NotFoundError("There is no document of this action.")
        order = OrderFacts.from_json(action.progress["order"])
        made = invoice_pdf(order, seller=action.store.name or action.store.domain)
        answer = HttpResponse(made, content_type="application/pdf")
        name = "".join(char for char in order.name if char.isalnum() or char in "-_")
        answer["Content-Disposition"] = f'inline; filename="invoice-{name or "order"}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def asked_for(kind: Kind, data: Mapping[str, Any]) -> Asked:
    """Read the members of a kind. Raises BadRequestError with what is wrong."""
    given = dict(data)
    if kind == Kind.CANCEL:
        given["reason"] = given.get("cancel_reason") or given.get("reason") or "customer"
    lists = [value for value in given.values() if isinstance(value, list)]
    if any(len(one) > LARGEST_LIST for one in lists):
        raise BadRequestError(f"At most {LARGEST_LIST} entries fit into one action.")
    try:
        return REQUESTS[kind].from_json(given)
    except (CodecError, MoneyError) as error:
        raise BadRequestError(f"{kind}: {error}") from error


def _why(asked: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return why, in the agent's words; a cancellation's ``reason`` may be one of the shop's."""
    if asked["kind"] == Kind.CANCEL and not data.get("cancel_reason"):
        return str(data.get("note") or "")
    return str(asked["reason"])


def _about(asked: Mapping[str, Any]) -> tuple[Store, StoreOrder | None, str]:
    """Return store, order and customer. Raises NotFoundError."""
    order = customer = None
    if asked["order"]:
        rows = StoreOrder.objects.filter(deleted_at__isnull=True).select_related("store")
        order = one(rows, asked["order"], "order")
    if asked["customer"]:
        people = StoreCustomer.objects.filter(deleted_at__isnull=True).select_related("store")
        if order is not None:
            people = people.filter(store=order.store_id)
        customer = one(people, asked["customer"], "customer")
    if order is not None:
        return order.store, order, customer.gid if customer else order.customer_gid
    if customer is not None:
        return customer.store, None, customer.gid
    raise BadRequestError("Say which order or customer this is about.")


def _rows() -> QuerySet[MoneyAction]:
    return MoneyAction.objects.select_related(
        "store", "requested_by__user", "approved_by__user", "confirmed_by__user"
    )
