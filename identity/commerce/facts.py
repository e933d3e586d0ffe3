"""What is known of a shop's customers, orders and products, in no vendor's words.

The mirror stores these as JSON, the sidebar shows them, the policy engine judges by them, and the
assistant is handed them. Amounts are in the currency the customer paid in; ``OrderFacts.rate``
leads to the store's own. Ids are the platform's, as text. Times are UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from identity.commerce.codec import Coded
from identity.commerce.money import Money


class PaymentState(StrEnum):
    """How far an order is paid."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class FulfilmentState(StrEnum):
    """How much of an order has left the house."""

    UNFULFILLED = "unfulfilled"
    SCHEDULED = "scheduled"
    ON_HOLD = "on_hold"
    IN_PROGRESS = "in_progress"
    PARTIAL = "partial"
    FULFILLED = "fulfilled"
    RESTOCKED = "restocked"
    UNKNOWN = "unknown"


class ParcelState(StrEnum):
    """Where a parcel is."""

    LABELLED = "labelled"
    CONFIRMED = "confirmed"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED = "attempted"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    PICKED_UP = "picked_up"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class ReturnState(StrEnum):
    """How far a return is."""

    REQUESTED = "requested"
    OPEN = "open"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class TransactionState(StrEnum):
    """What became of one movement of money."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AddressFacts(Coded):
    """A postal address; codes are ISO 3166."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    province_code: str = ""
    zip: str = ""
    country_code: str = ""
    phone: str = ""
    #: As the platform prints it, one entry a line; empty where it does not say.
    formatted: tuple[str, ...] = ()
    #: The platform's id of an address in a customer's address book.
    id: str = ""

    @property
    def short(self) -> str:
        """Return the address in one line, without the name."""
        town = " ".join(part for part in (self.zip, self.city) if part)
        parts = (self.line1, self.line2, town, self.province_code, self.country_code)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Attribute(Coded):
    """A name and a value a shop or its apps put on an order or a line."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class CustomerFacts(Coded):
    """A shop's customer."""

    id: str
    number: int | None = None
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    email_verified: bool = False
    phone: str = ""
    locale: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    #: Of the customer's log-in at the shop: enabled, disabled, invited, declined.
    account: str = ""
    orders: int = 0
    spent: Money | None = None
    #: "almost 2 years", as the platform says it.
    lifetime: str = ""
    #: The platform's guess of future spend: low, medium, high.
    spend_tier: str = ""
    #: subscribed, unsubscribed, not_subscribed, pending, invalid, redacted; "" where unknown.
    email_marketing: str = ""
    email_marketing_at: datetime | None = None
    sms_marketing: str = ""
    sms_marketing_at: datetime | None = None
    address: AddressFacts | None = None
    addresses: tuple[AddressFacts, ...] = ()
    tax_exempt: bool = False
    last_order_id: str = ""
    last_order_name: str = ""
    last_order_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    read_at: datetime | None = None
    #: Members the platform does not let us see yet, such as "email" (protected data).
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFacts(Coded):
    """One line of an order."""

    id: str
    title: str
    quantity: int
    unit_price: Money
    #: What all pieces still on the order cost after every discount.
    total: Money
    variant: str = ""
    sku: str = ""
    vendor: str = ""
    #: After edits, removals and refunds that removed the line.
    current_quantity: int = 0
    fulfilled_quantity: int = 0
    unfulfilled_quantity: int = 0
    refundable_quantity: int = 0
    #: Delivered or shipped pieces that no return holds yet; None where it was not read.
    returnable_quantity: int | None = None
    #: One piece after every discount: what a refund of it starts from.
    paid_price: Money | None = None
    discount: Money | None = None
    image_url: str = ""
    image_alt: str = ""
    product_id: str = ""
    product_url: str = ""
    product_tags: tuple[str, ...] = ()
    variant_id: str = ""
    #: None where the variant is gone or was not read.
    available: bool | None = None
    stock: int | None = None
    requires_shipping: bool = True
    gift_card: bool = False
    restockable: bool = True
    editable: bool = True
    #: The shop sells it without a right to return.
    final_sale: bool = False
    attributes: tuple[Attribute, ...] = ()

    @property
    def name(self) -> str:
        """Return title and variant."""
        return f"{self.title} – {self.variant}" if self.variant else self.title


@dataclass(frozen=True, slots=True)
class ParcelLine(Coded):
    """Pieces of one order line in a parcel. ``id`` is what a return refers to."""

    id: str
    line_id: str
    quantity: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class ParcelEvent(Coded):
    """What a carrier told of a parcel."""

    state: ParcelState
    at: datetime
    message: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Tracking(Coded):
    """One number to follow a parcel by."""

    carrier: str = ""
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ParcelFacts(Coded):
    """One shipment of an order. An order may have several: never speak of "the" tracking number."""

    id: str
    name: str = ""
    state: ParcelState = ParcelState.UNKNOWN
    #: False once the shipment itself was cancelled.
    active: bool = True
    tracking: tuple[Tracking, ...] = ()
    lines: tuple[ParcelLine, ...] = ()
    #: Newest first.
    events: tuple[ParcelEvent, ...] = ()
    location: str = ""
    created_at: datetime | None = None
    in_transit_at: datetime | None = None
    estimate: datetime | None = None
    delivered_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def carrier(self) -> str:
        """Return the first carrier named."""
        return next((one.carrier for one in self.tracking if one.carrier), "")

    @property
    def number(self) -> str:
        """Return the first number named."""
        return next((one.number for one in self.tracking if one.number), "")

    @property
    def url(self) -> str:
        """Return the first link named."""
        return next((one.url for one in self.tracking if one.url), "")


@dataclass(frozen=True, slots=True)
class RefundLine(Coded):
    """Pieces given back money for. ``restock``: cancelled, returned, none."""

    line_id: str
    quantity: int
    amount: Money
    tax: Money | None = None
    name: str = ""
    restock: str = "none"


@dataclass(frozen=True, slots=True)
class RefundFacts(Coded):
    """Money that went back, or was recorded as given back."""

    id: str
    total: Money
    created_at: datetime | None = None
    note: str = ""
    lines: tuple[RefundLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnLine(Coded):
    """Pieces on their way back."""

    id: str
    line_id: str
    quantity: int
    name: str = ""
    reason: str = ""
    processed: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeLine(Coded):
    """Pieces that go out in exchange."""

    id: str
    variant_id: str
    quantity: int
    name: str = ""
    processed: int = 0


@dataclass(frozen=True, slots=True)
class ReturnFacts(Coded):
    """A return; lines are empty where only the list was read."""

    id: str
    name: str = ""
    state: ReturnState = ReturnState.UNKNOWN
    quantity: int = 0
    created_at: datetime | None = None
    closed_at: datetime | None = None
    lines: tuple[ReturnLine, ...] = ()
    exchange: tuple[ExchangeLine, ...] = ()
    label_url: str = ""


@dataclass(frozen=True, slots=True)
class TransactionFacts(Coded):
    """One movement of money. ``kind``: authorization, sale, capture, refund, void."""

    id: str
    kind: str
    state: TransactionState
    amount: Money
    gateway: str = ""
    #: As shown to people: "Visa ending in 4242".
    method: str = ""
    #: Paid by hand (cash, transfer): the platform can record a refund, not send it.
    manual: bool = False
    at: datetime | None = None
    parent_id: str = ""
    refundable: Money | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Dispute(Coded):
    """A chargeback or inquiry of the customer's bank."""

    id: str
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts(Coded):
    """Everything of an order that the sidebar shows and the policy judges by."""

    id: str
    name: str
    currency: str
    subtotal: Money
    shipping: Money
    tax: Money
    discounts: Money
    #: What was ordered, and what it costs after edits and refunds of lines.
    total: Money
    current_total: Money
    #: Received, given back, and still due.
    paid: Money
    refunded: Money
    outstanding: Money
    placed_at: datetime
    number: int | None = None
    #: Total in the store's own currency where that differs; see ``rate``.
    store_total: Money | None = None
    confirmation: str = ""
    po_number: str = ""
    updated_at: datetime | None = None
    read_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    closed_at: datetime | None = None
    payment: PaymentState = PaymentState.UNKNOWN
    fulfilment: FulfilmentState = FulfilmentState.UNKNOWN
    #: none, requested, in_progress, returned, inspected, failed.
    return_state: str = ""
    refunded_shipping: Money | None = None
    taxes_included: bool = False
    lines: tuple[LineFacts, ...] = ()
    parcels: tuple[ParcelFacts, ...] = ()
    refunds: tuple[RefundFacts, ...] = ()
    returns: tuple[ReturnFacts, ...] = ()
    transactions: tuple[TransactionFacts, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    shipping_address: AddressFacts | None = None
    billing_address: AddressFacts | None = None
    shipping_method: str = ""
    requires_shipping: bool = True
    note: str = ""
    tags: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    discount_codes: tuple[str, ...] = ()
    #: "" for a guest order.
    customer_id: str = ""
    customer_name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""
    source: str = ""
    #: Holds a secret: for the verified customer only.
    status_page_url: str = ""
    #: low, medium, high; "" where unknown.
    risk: str = ""
    test: bool = False
    edited: bool = False
    #: What the platform itself says can be done now.
    refundable: bool = False
    editable: bool = False
    edit_refusals: tuple[str, ...] = ()
    restockable: bool = False
    notifiable: bool = False
    #: There are more lines than were read.
    lines_cut: bool = False
    withheld: tuple[str, ...] = ()

    @property
    def cancelled(self) -> bool:
        """Say whether the order was cancelled."""
        return self.cancelled_at is not None

    @property
    def shipped(self) -> bool:
        """Say whether anything has left, or was handed over for it."""
        return any(line.fulfilled_quantity > 0 for line in self.lines) or any(
            parcel.active for parcel in self.parcels
        )

    @property
    def cancellable(self) -> bool:
        """Say whether the platform would cancel it: nothing left the house, nothing is coming back."""
        open_returns = {ReturnState.REQUESTED, ReturnState.OPEN}
        return not (
            self.cancelled or self.shipped or any(one.state in open_returns for one in self.returns)
        )

    @property
    def delivered_at(self) -> datetime | None:
        """Return when the last parcel arrived, None while one is under way or not known of."""
        times = [parcel.delivered_at for parcel in self.parcels if parcel.active]
        arrived = [at for at in times if at is not None]
        return max(arrived) if arrived and len(arrived) == len(times) else None

    @property
    def left_to_refund(self) -> Money:
        """Return what was received and not given back."""
        return self.paid - self.refunded if self.paid > self.refunded else Money.zero(self.currency)

    @property
    def rate(self) -> Decimal:
        """Return how much of the store's currency one unit of the customer's is worth here."""
        if self.store_total is None or not self.total:
            return Decimal(1)
        return self.store_total.amount / self.total.amount

    def in_store_currency(self, amount: Money) -> Money:
        """Return an amount of this order in the store's currency, at the order's own rate."""
        if self.store_total is None or amount.currency == self.store_total.currency:
            return amount
        return Money(amount.amount * self.rate, self.store_total.currency)

    def line(self, line_id: str) -> LineFacts | None:
        """Return the line with this id."""
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class VariantFacts(Coded):
    """One buyable form of a product."""

    id: str
    title: str
    price: Money
    sku: str = ""
    options: tuple[Attribute, ...] = ()
    available: bool = False
    stock: int | None = None
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class ProductFacts(Coded):
    """A product with its variants."""

    id: str
    title: str
    handle: str = ""
    number: int | None = None
    url: str = ""
    kind: str = ""
    vendor: str = ""
    status: str = ""
    tags: tuple[str, ...] = ()
    image_url: str = ""
    description: str = ""
    variants: tuple[VariantFacts, ...] = ()
    variants_cut: bool = False
    updated_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoreFacts(Coded):
    """The shop itself, as an invoice or a preview names it."""

    id: str
    name: str
    currency: str
    domain: str = ""
    timezone: str = "UTC"
    email: str = ""
    phone: str = ""
    address: AddressFacts | None = None
    #: Tells orders of this shop in words of shoppers: "#1001" has "#" before and nothing behind.
    order_prefix: str = "#"
    order_suffix: str = ""
