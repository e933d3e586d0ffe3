"""What the shops know of the people who write to us, and saying who is which customer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.foundation.errors import NotFoundError
from identity.models import Contact, Store, StoreCustomer, StoreOrder
from identity.services.customer_links import link_by_hand, unlink
from inbox.api.asking import body, one, params
from inbox.api.serializers import requests
from inbox.api.serializers import shop as answers
from inbox.api.shapes.conversations import shop_beside
from inbox.api.shapes.products import variant_shapes
from inbox.api.shapes.shop import customer_brief, order_shape, shop_shape
from inbox.querysets import contacts_visible_to, conversations_visible_to, for_detail
from inbox.rest.paging import make_cursor, read_cursor, time_and_id
from inbox.rest.times import when
from inbox.rest.views import ApiView
from inbox.services.shop_news import tell_shop_changed
from inbox.services.store_side import (
    MOST,
    find_customers,
    find_orders,
    find_products,
    one_order,
    page_of_orders,
)


class OrderParams(s.Serializer[Any]):
    """For whom an order is looked at."""

    contact = s.UUIDField(required=False, default=None, allow_null=True)


class Beside(ApiView):
    @extend_schema(operation_id="get_conversation_shop", responses=answers.ShopShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the shops' part of a conversation alone."""
        rows = for_detail(conversations_visible_to(self.me), self.me)
        return Response(shop_shape(shop_beside(one(rows, pk, "conversation"))))


class Orders(ApiView):
    @extend_schema(
        operation_id="list_contact_orders",
        parameters=[requests.PageParams],
        responses=answers.ShopOrderPage,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """List a contact's orders, newest first, from our copy of the shops."""
        asked = params(request, requests.PageParams)
        contact = _contact(self, pk)
        before = time_and_id(read_cursor(asked["cursor"], 2)) if asked["cursor"] else None
        orders, more = page_of_orders(
            contact=contact,
            limit=asked["limit"],
            before=before,
        )
        last = orders[-1].row if more and orders else None
        cursor = make_cursor(when(last.placed_at) or "", str(last.pk)) if last else None
        return Response({"results": [order_shape(one) for one in orders], "next": cursor})


class OneOrder(ApiView):
    @extend_schema(
        operation_id="get_shop_order", parameters=[OrderParams], responses=answers.ShopOrder
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return one order with all its lines, as it stands to a contact."""
        asked = params(request, OrderParams)
        contact = _contact(self, asked["contact"]) if asked["contact"] else None
        row = one(StoreOrder.objects.filter(deleted_at__isnull=True), pk, "order")
        order = one_order(row, contact)
        if order is None:
            raise NotFoundError(
                "This order can't be read. Try again after the next look at the shop."
            )
        return Response(order_shape(order))


class Customers(ApiView):
    @extend_schema(
        operation_id="search_shop_customers",
        parameters=[requests.SearchParams],
        responses=answers.ShopSearch,
    )
    def get(self, request: Request) -> Response:
        """Find customers by address, phone, name or order number; and guests' orders."""
        q = plain(params(request, requests.SearchParams)["q"])
        hits: list[dict[str, Any]] = [
            {"customer": _brief(row), "order": None, "order_name": ""} for row in find_customers(q)
        ]
        hits += [
            {"customer": None, "order": str(row.pk), "order_name": row.name}
            for row in find_orders(q)
            if not row.customer_gid
        ]
        return Response({"results": hits, "next": None})


class Variants(ApiView):
    @extend_schema(
        operation_id="list_shop_variants",
        parameters=[answers.VariantParams],
        responses=answers.ShopVariants,
    )
    def get(self, request: Request) -> Response:
        """Find variants by their product's title or id, from our copy of the shop."""
        asked = params(request, answers.VariantParams)
        store = Store.objects.filter(pk=asked["store"]).first()
        ids = [gid for gid in plain(asked["product"]).split(",") if gid][:MOST]
        found = find_products(store, q=plain(asked["q"]), gids=ids) if store else []
        return Response({"results": variant_shapes(found), "next": None})


class Links(ApiView):
    @extend_schema(
        operation_id="link_customer",
        request=answers.LinkInput,
        responses={201: answers.ShopCustomerBrief},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say that a contact is this customer. It proves nothing by itself."""
        contact = _contact(self, pk)
        wanted = body(request, answers.LinkInput)["customer"]
        alive = StoreCustomer.objects.filter(deleted_at__isnull=True)
        customer = one(alive, wanted, "customer")
        link_by_hand(contact=contact, customer=customer, by=self.me)
        tell_shop_changed([contact.pk])
        return Response(_brief(customer), status=201)


class OneLink(ApiView):
    @extend_schema(operation_id="unlink_customer", responses={204: None})
    def delete(self, request: Request, pk: UUID, customer: UUID) -> Response:
        """Say that a contact is not this customer."""
        contact = _contact(self, pk)
        unlink(
            contact=contact,
            customer=one(StoreCustomer.objects.all(), customer, "customer"),
            by=self.me,
        )
        tell_shop_changed([contact.pk])
        return Response(status=204)


def plain(text: str) -> str:
    """Return what was typed without the one character that PostgreSQL takes in no text."""
    return text.replace("\x00", "")


def _contact(view: ApiView, pk: UUID) -> Contact:
    return one(contacts_visible_to(view.me).prefetch_related("points"), pk, "contact")


def _brief(row: StoreCustomer) -> dict[str, Any]:
    facts = row.facts
    spent = facts.get("spent")
    return {**customer_brief(row, orders=int(facts.get("orders") or 0)), "spent": spent}
