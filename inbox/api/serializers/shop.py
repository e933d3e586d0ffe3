"""The shapes of ``inbox.api.shapes.shop``, declared for the OpenAPI document."""

from typing import Any

from rest_framework import serializers as s

from identity.commerce.facts import FulfilmentState, ParcelState, PaymentState, ReturnState
from identity.models import LinkHow, StoreStatus
from inbox.services.store_side import Match


def _values(states: Any) -> list[str]:
    return [state.value for state in states]


PARCEL_STATES = _values(ParcelState)
RETURN_STATES = _values(ReturnState)


class Amount(s.Serializer[Any]):
    """Money: a decimal string, never a float, and its currency."""

    amount = s.CharField()
    currency = s.CharField()


class KeyValue(s.Serializer[Any]):
    """What a shop or its apps noted."""

    key = s.CharField(allow_blank=True)
    value = s.CharField(allow_blank=True)


class ShopStore(s.Serializer[Any]):
    """A shop of the workspace and how far our copy of it goes."""

    id = s.UUIDField()
    name = s.CharField()
    domain = s.CharField()
    platform = s.CharField()
    status = s.ChoiceField(StoreStatus.choices)
    trouble = s.CharField(allow_blank=True, help_text="What is wrong and what mends it.")
    currency = s.CharField(allow_blank=True)
    withheld = s.ListField(
        child=s.CharField(), help_text="Facts the platform does not show us (yet)."
    )
    complete_until = s.DateTimeField(
        allow_null=True, help_text="Every change up to here is in our copy."
    )
    error = s.CharField(allow_blank=True, help_text="Why the last look at the shop failed.")


class ShopAddress(s.Serializer[Any]):
    """A postal address, in parts and as printed."""

    first_name = s.CharField(allow_blank=True)
    last_name = s.CharField(allow_blank=True)
    company = s.CharField(allow_blank=True)
    line1 = s.CharField(allow_blank=True)
    line2 = s.CharField(allow_blank=True)
    city = s.CharField(allow_blank=True)
    province_code = s.CharField(allow_blank=True)
    zip = s.CharField(allow_blank=True)
    country_code = s.CharField(allow_blank=True)
    phone = s.CharField(allow_blank=True)
    formatted = s.ListField(child=s.CharField(allow_blank=True))
    id = s.CharField(allow_blank=True)


class ShopCustomerBrief(s.Serializer[Any]):
    """A shop's customer in short."""

    id = s.UUIDField()
    store = s.UUIDField()
    number = s.CharField()
    name = s.CharField(allow_blank=True)
    email = s.CharField(allow_blank=True)
    phone = s.CharField(allow_blank=True)
    spent = Amount(allow_null=True)
    orders = s.IntegerField()


class ShopCustomer(ShopCustomerBrief):
    """A customer that a contact is, with the evidence."""

    how = s.ChoiceField(LinkHow.choices)
    evidence = s.CharField(allow_blank=True)
    verified = s.BooleanField(help_text="Proven. If not, tell this person nothing of it.")
    since = s.DateTimeField(allow_null=True)
    lifetime = s.CharField(allow_blank=True)
    note = s.CharField(allow_blank=True)
    tags = s.ListField(child=s.CharField())
    locale = s.CharField(allow_blank=True)
    email_marketing = s.CharField(allow_blank=True)
    sms_marketing = s.CharField(allow_blank=True)
    tax_exempt = s.BooleanField()
    address = ShopAddress(allow_null=True)
    withheld = s.ListField(child=s.CharField())
    synced_at = s.DateTimeField()


class ShopTotals(s.Serializer[Any]):
    """The sums of an order."""

    subtotal = Amount()
    shipping = Amount()
    tax = Amount()
    discounts = Amount()
    total = Amount()
    paid = Amount()
    refunded = Amount()
    outstanding = Amount()
    left = Amount(help_text="Received and not given back.")
    store_total = Amount(allow_null=True)
    taxes_included = s.BooleanField()


class ShopLine(s.Serializer[Any]):
    """One line of an order."""

    id = s.CharField()
    title = s.CharField(allow_blank=True)
    variant = s.CharField(allow_blank=True)
    sku = s.CharField(allow_blank=True)
    quantity = s.IntegerField()
    current_quantity = s.IntegerField()
    fulfilled_quantity = s.IntegerField()
    refundable_quantity = s.IntegerField()
    returnable_quantity = s.IntegerField(allow_null=True)
    unit_price = Amount()
    paid_price = Amount(allow_null=True)
    total = Amount()
    image = s.CharField(allow_blank=True, help_text="Through our own server.")
    variant_id = s.CharField(allow_blank=True)
    product_id = s.CharField(allow_blank=True)
    available = s.BooleanField(allow_null=True)
    final_sale = s.BooleanField()
    gift_card = s.BooleanField()
    requires_shipping = s.BooleanField()
    attributes = KeyValue(many=True)


class ShopTracking(s.Serializer[Any]):
    """One number to follow a parcel by."""

    carrier = s.CharField(allow_blank=True)
    number = s.CharField(allow_blank=True)
    url = s.CharField(allow_blank=True)


class ShopParcelLine(s.Serializer[Any]):
    """Pieces in a parcel."""

    line = s.CharField(allow_blank=True)
    name = s.CharField(allow_blank=True)
    quantity = s.IntegerField()


class ShopParcelEvent(s.Serializer[Any]):
    """What a carrier told."""

    state = s.ChoiceField(PARCEL_STATES)
    at = s.DateTimeField()
    message = s.CharField(allow_blank=True)
    place = s.CharField(allow_blank=True)


class ShopParcel(s.Serializer[Any]):
    """One shipment of an order; an order may have several."""

    id = s.CharField()
    name = s.CharField(allow_blank=True)
    state = s.ChoiceField(PARCEL_STATES)
    active = s.BooleanField()
    tracking = ShopTracking(many=True)
    lines = ShopParcelLine(many=True)
    events = ShopParcelEvent(many=True)
    created_at = s.DateTimeField(allow_null=True)
    in_transit_at = s.DateTimeField(allow_null=True)
    estimate = s.DateTimeField(allow_null=True)
    delivered_at = s.DateTimeField(allow_null=True)


class ShopPieces(s.Serializer[Any]):
    """So many of something."""

    name = s.CharField(allow_blank=True)
    quantity = s.IntegerField()


class ShopReturnLine(ShopPieces):
    """Pieces on their way back."""

    reason = s.CharField(allow_blank=True)


class ShopReturn(s.Serializer[Any]):
    """A return."""

    id = s.CharField()
    name = s.CharField(allow_blank=True)
    state = s.ChoiceField(RETURN_STATES)
    quantity = s.IntegerField()
    lines = ShopReturnLine(many=True)
    exchange = ShopPieces(many=True)
    created_at = s.DateTimeField(allow_null=True)


class ShopRefund(s.Serializer[Any]):
    """Money that went back."""

    id = s.CharField()
    total = Amount()
    created_at = s.DateTimeField(allow_null=True)
    note = s.CharField(allow_blank=True)
    lines = ShopPieces(many=True)


class ShopDispute(s.Serializer[Any]):
    """A chargeback or inquiry of the customer's bank."""

    kind = s.CharField(allow_blank=True)
    state = s.CharField(allow_blank=True)


class ShopOrder(s.Serializer[Any]):
    """One order, why it is shown, and whether it is proven to be this person's."""

    id = s.UUIDField()
    store = s.UUIDField()
    gid = s.CharField()
    number = s.CharField()
    name = s.CharField()
    match = s.ChoiceField(_values(Match))
    verified = s.BooleanField(help_text="Proven. If not, tell this person nothing of it.")
    evidence = s.CharField(allow_blank=True)
    spoken = s.BooleanField(help_text="Its number was named in the conversation.")
    placed_at = s.DateTimeField()
    updated_at = s.DateTimeField(allow_null=True)
    synced_at = s.DateTimeField(help_text="When our copy was read.")
    cancelled_at = s.DateTimeField(allow_null=True)
    cancel_reason = s.CharField(allow_blank=True)
    payment = s.ChoiceField(_values(PaymentState))
    fulfilment = s.ChoiceField(_values(FulfilmentState))
    return_state = s.CharField(allow_blank=True)
    totals = ShopTotals()
    paid_by = s.CharField(allow_blank=True)
    lines = ShopLine(many=True)
    lines_left = s.IntegerField(help_text="Lines not told here; GET /shop-orders/{id} has them.")
    parcels = ShopParcel(many=True)
    returns = ShopReturn(many=True)
    refunds = ShopRefund(many=True)
    disputes = ShopDispute(many=True)
    shipping_address = ShopAddress(allow_null=True)
    shipping_method = s.CharField(allow_blank=True)
    discount_codes = s.ListField(child=s.CharField())
    note = s.CharField(allow_blank=True)
    tags = s.ListField(child=s.CharField())
    attributes = KeyValue(many=True)
    customer = s.CharField(allow_blank=True, help_text="The platform's id; empty for a guest.")
    customer_name = s.CharField(allow_blank=True)
    email = s.CharField(allow_blank=True)
    phone = s.CharField(allow_blank=True)
    locale = s.CharField(allow_blank=True)
    risk = s.CharField(allow_blank=True)
    test = s.BooleanField()
    edited = s.BooleanField()
    status_page_url = s.CharField(
        allow_blank=True, help_text="Holds a secret; empty unless verified."
    )
    can = s.ListField(child=s.CharField(), help_text="Kinds of money action that make sense now.")
    withheld = s.ListField(child=s.CharField())


class ShopShape(s.Serializer[Any]):
    """What the shops know of a person. ``more``: there are older orders than these."""

    stores = ShopStore(many=True)
    customers = ShopCustomer(many=True)
    orders = ShopOrder(many=True)
    more = s.BooleanField()
    may_tell = s.BooleanField(help_text="Whoever writes here is proven enough to be told.")
    because = s.CharField(allow_blank=True, help_text="Why, or why not, in a sentence.")


class ShopOrderPage(s.Serializer[Any]):
    """A page of a person's orders, newest first."""

    results = ShopOrder(many=True)
    next = s.CharField(allow_null=True)


class ShopSearchHit(s.Serializer[Any]):
    """A customer, or the order of a guest."""

    customer = ShopCustomerBrief(allow_null=True)
    order = s.UUIDField(allow_null=True)
    order_name = s.CharField(allow_blank=True)


class ShopSearch(s.Serializer[Any]):
    """Customers and guests' orders that a search found."""

    results = ShopSearchHit(many=True)
    next = s.CharField(allow_null=True)


class LinkInput(s.Serializer[Any]):
    """The customer a contact is."""

    customer = s.UUIDField()


class ShopVariant(s.Serializer[Any]):
    """A variant that can be added to an order, or sent in exchange."""

    id = s.CharField()
    name = s.CharField()
    price = Amount()
    available = s.BooleanField()


class ShopVariants(s.Serializer[Any]):
    """Variants of the products that were found."""

    results = ShopVariant(many=True)
    next = s.CharField(allow_null=True)


class VariantParams(s.Serializer[Any]):
    """Which products: by the beginning of their title, or by the platform's ids."""

    store = s.UUIDField()
    q = s.CharField(required=False, default="", allow_blank=True, max_length=200)
    product = s.CharField(
        required=False, default="", allow_blank=True, max_length=2000, help_text="Ids, by comma."
    )
