"""What may be asked of a shop: one class for each kind of action, checked before anything is asked.

A request is what a person, a shopper or the assistant wants, in no vendor's words. It is stored with
the action and never changes after the preview.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from identity.commerce.codec import Coded
from identity.commerce.facts import AddressFacts
from identity.commerce.money import Money


class Kind(StrEnum):
    """What can be done. The values are stable: rows, the API and merchants' policies hold them."""

    REFUND = "refund"
    CANCEL = "cancel"
    EXCHANGE = "exchange"
    RETURN = "return"
    ORDER_ADDRESS = "order_address"
    CUSTOMER_ADDRESS = "customer_address"
    NOTE = "note"
    TAGS = "tags"
    EDIT = "edit"
    RESHIP = "reship"
    DISCOUNT = "discount"
    GIFT_CARD = "gift_card"
    CONFIRMATION = "confirmation"
    INVOICE = "invoice"


class Restock(StrEnum):
    """What becomes of the pieces: never shipped, came back, or stay out of stock."""

    CANCELLED = "cancelled"
    RETURNED = "returned"
    NONE = "none"


class CancelReason(StrEnum):
    """Why an order is cancelled."""

    CUSTOMER = "customer"
    STOCK = "stock"
    FRAUD = "fraud"
    DECLINED = "declined"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pieces(Coded):
    """So many pieces of one line of the order."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class RefundPieces(Coded):
    """Pieces to give money back for."""

    line_id: str
    quantity: int
    restock: Restock = Restock.NONE


@dataclass(frozen=True, slots=True)
class ReturnPieces(Coded):
    """Pieces that come back. ``reason`` is a slug of the shop's reasons or "other"."""

    line_id: str
    quantity: int
    reason: str = "other"
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewPieces(Coded):
    """Pieces of a variant to be added or sent."""

    variant_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class RefundRequest(Coded):
    """Give money back: for lines, for shipping, or an amount.

    ``amount`` replaces what the shop suggests and may only be lower. Money goes back the way it came.
    """

    lines: tuple[RefundPieces, ...] = ()
    shipping: Money | None = None
    full_shipping: bool = False
    amount: Money | None = None
    reason: str = ""
    notify: bool = True


@dataclass(frozen=True, slots=True)
class CancelRequest(Coded):
    """Cancel the whole order."""

    reason: CancelReason = CancelReason.CUSTOMER
    refund: bool = True
    restock: bool = True
    notify: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRequest(Coded):
    """Open a return that is already approved."""

    lines: tuple[ReturnPieces, ...]
    notify: bool = True


@dataclass(frozen=True, slots=True)
class ExchangeRequest(Coded):
    """A return whose pieces are replaced by others."""

    lines: tuple[ReturnPieces, ...]
    replacements: tuple[NewPieces, ...]
    notify: bool = True


@dataclass(frozen=True, slots=True)
class OrderAddressRequest(Coded):
    """Send an order somewhere else."""

    address: AddressFacts


@dataclass(frozen=True, slots=True)
class CustomerAddressRequest(Coded):
    """Change a customer's default address, or the one named."""

    address: AddressFacts
    address_id: str = ""


@dataclass(frozen=True, slots=True)
class NoteRequest(Coded):
    """Replace the order's note."""

    note: str


@dataclass(frozen=True, slots=True)
class TagsRequest(Coded):
    """Add tags to the order and take others away."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditRequest(Coded):
    """Change what an order holds: set lines to a quantity (0 removes), add variants."""

    lines: tuple[Pieces, ...] = ()
    add: tuple[NewPieces, ...] = ()
    restock: bool = True
    notify: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReshipRequest(Coded):
    """Send pieces again for nothing, as an order of its own."""

    lines: tuple[Pieces, ...]
    address: AddressFacts | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DiscountRequest(Coded):
    """A code for one customer, once: a percentage (15 is 15 %) or an amount."""

    percent: Decimal | None = None
    amount: Money | None = None
    days: int = 30


@dataclass(frozen=True, slots=True)
class GiftCardRequest(Coded):
    """Goodwill that can be spent like money."""

    amount: Money
    note: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmationRequest(Coded):
    """Send the order's confirmation again; to another address than the order's only if given."""

    email: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRequest(Coded):
    """Make an invoice of the order as a PDF."""

    language: str = "en"


Request = (
    RefundRequest
    | CancelRequest
    | ReturnRequest
    | ExchangeRequest
    | OrderAddressRequest
    | CustomerAddressRequest
    | NoteRequest
    | TagsRequest
    | EditRequest
    | ReshipRequest
    | DiscountRequest
    | GiftCardRequest
    | ConfirmationRequest
    | InvoiceRequest
)

REQUESTS: dict[Kind, type[Request]] = {
    Kind.REFUND: RefundRequest,
    Kind.CANCEL: CancelRequest,
    Kind.EXCHANGE: ExchangeRequest,
    Kind.RETURN: ReturnRequest,
    Kind.ORDER_ADDRESS: OrderAddressRequest,
    Kind.CUSTOMER_ADDRESS: CustomerAddressRequest,
    Kind.NOTE: NoteRequest,
    Kind.TAGS: TagsRequest,
    Kind.EDIT: EditRequest,
    Kind.RESHIP: ReshipRequest,
    Kind.DISCOUNT: DiscountRequest,
    Kind.GIFT_CARD: GiftCardRequest,
    Kind.CONFIRMATION: ConfirmationRequest,
    Kind.INVOICE: InvoiceRequest,
}

_KINDS = {request: kind for kind, request in REQUESTS.items()}


def kind_of(request: Request) -> Kind:
    """Return what a request asks for."""
    return _KINDS[type(request)]
