"""Where an order goes, and where a customer lives. Values are absolute: twice is once."""

from identity.commerce.facts import AddressFacts
from identity.commerce.requests import CustomerAddressRequest, OrderAddressRequest
from identity.commerce.seam import (
    Change,
    Finding,
    Job,
    OutcomeState,
    Preview,
    Receipt,
    RefusedError,
)
from identity.shopify.actions.kit import (
    ABSENT,
    Action,
    Result,
    Step,
    address_input,
    found,
    receipt,
    request_of,
    same_place,
)
from identity.shopify.desk import Desk
from identity.shopify.reading import address_facts
from identity.shopify.values import node, rows, text

#: Addresses read of one customer's book.
BOOK = 50


def preview_order(
    desk: Desk, request: OrderAddressRequest, order_id: str, customer_id: str
) -> Preview:
    """Return the address before and after."""
    order = desk.order(order_id)
    before = order.shipping_address
    warnings: tuple[str, ...] = ()
    if order.shipped:
        warnings = ("A parcel has left already; it goes to the old address.",)
    return Preview(
        changes=(
            Change("Shipping address", before.short if before else "", request.address.short),
        ),
        warnings=warnings,
        platform={"address": address_input(request.address)},
    )


def perform_order(desk: Desk, job: Job) -> Result:
    """Replace the order's address."""
    variables = {"input": {"id": job.order_id, "shippingAddress": job.preview.platform["address"]}}
    desk.write("order_update", variables, "orderUpdate", repeatable=True)
    return {}


def find_order(desk: Desk, job: Job) -> Finding:
    """See whether the order goes there."""
    request: OrderAddressRequest = request_of(job, OrderAddressRequest)
    there = same_place(desk.order(job.order_id).shipping_address, request.address)
    return found({}) if there else ABSENT


def outcome_order(desk: Desk, job: Job) -> Receipt:
    """Read the address back."""
    request: OrderAddressRequest = request_of(job, OrderAddressRequest)
    order = desk.order(job.order_id)
    if not same_place(order.shipping_address, request.address):
        return receipt(
            OutcomeState.FAILED, f"{order.name} still goes to the old address.", order=order
        )
    return receipt(
        OutcomeState.DONE,
        f"{order.name} goes to {request.address.short}.",
        order=order,
        changes=job.preview.changes,
    )


def preview_customer(
    desk: Desk, request: CustomerAddressRequest, order_id: str, customer_id: str
) -> Preview:
    """Return the address before and after."""
    default, book = _book(desk, customer_id)
    wanted = request.address_id or default
    before = book.get(wanted)
    if before is None:
        raise RefusedError("This customer has no such address. Choose another one.")
    return Preview(
        changes=(Change("Address", before.short, request.address.short),),
        platform={"address_id": wanted, "address": address_input(request.address)},
    )


def _book(desk: Desk, customer_id: str) -> tuple[str, dict[str, AddressFacts]]:
    data = desk.read("customer_addresses", {"id": customer_id, "first": BOOK})
    customer = node(data.get("customer"))
    book = {text(one.get("id")): address_facts(one) for one in rows(customer.get("addressesV2"))}
    return text(node(customer.get("defaultAddress")).get("id")), book


def perform_customer(desk: Desk, job: Job) -> Result:
    """Replace one address of the customer's book."""
    variables = {
        "customerId": job.customer_id,
        "addressId": job.preview.platform["address_id"],
        "address": job.preview.platform["address"],
        "setAsDefault": None,
    }
    desk.write("customer_address_update", variables, "customerAddressUpdate", repeatable=True)
    return {}


def _now(desk: Desk, job: Job) -> AddressFacts | None:
    return _book(desk, job.customer_id)[1].get(str(job.preview.platform["address_id"]))


def find_customer(desk: Desk, job: Job) -> Finding:
    """See whether the book says so."""
    request: CustomerAddressRequest = request_of(job, CustomerAddressRequest)
    return found({}) if same_place(_now(desk, job), request.address) else ABSENT


def outcome_customer(desk: Desk, job: Job) -> Receipt:
    """Read the book back."""
    request: CustomerAddressRequest = request_of(job, CustomerAddressRequest)
    if not same_place(_now(desk, job), request.address):
        return receipt(OutcomeState.FAILED, "The shop still has the old address.")
    return receipt(
        OutcomeState.DONE,
        f"The customer's address is {request.address.short}.",
        changes=job.preview.changes,
    )


ORDER = Action(preview_order, outcome_order)
CUSTOMER = Action(preview_customer, outcome_customer)
STEPS = {
    "order_address": Step(perform_order, find_order),
    "customer_address": Step(perform_customer, find_customer),
}
