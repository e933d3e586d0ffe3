"""From the shop's answers to facts in no vendor's words. Pure: no network, no database, no clock."""

from datetime import UTC, datetime
from typing import Any

from identity.commerce.facts import (
    AddressFacts,
    Attribute,
    CustomerFacts,
    Dispute,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    ParcelEvent,
    ParcelFacts,
    ParcelLine,
    ParcelState,
    PaymentState,
    ProductFacts,
    RefundFacts,
    RefundLine,
    ReturnFacts,
    ReturnState,
    StoreFacts,
    Tracking,
    TransactionFacts,
    TransactionState,
    VariantFacts,
)
from identity.commerce.money import Money
from identity.shopify.values import (
    Node,
    amount,
    node,
    number_of,
    paid_in,
    rows,
    slug,
    text,
    texts,
    when,
    whole,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PAYMENT = {
    "PENDING": PaymentState.PENDING,
    "AUTHORIZED": PaymentState.AUTHORIZED,
    "PARTIALLY_PAID": PaymentState.PARTIALLY_PAID,
    "PAID": PaymentState.PAID,
    "PARTIALLY_REFUNDED": PaymentState.PARTIALLY_REFUNDED,
    "REFUNDED": PaymentState.REFUNDED,
    "VOIDED": PaymentState.VOIDED,
    "EXPIRED": PaymentState.EXPIRED,
}
FULFILMENT = {
    "UNFULFILLED": FulfilmentState.UNFULFILLED,
    "OPEN": FulfilmentState.UNFULFILLED,
    "REQUEST_DECLINED": FulfilmentState.UNFULFILLED,
    "SCHEDULED": FulfilmentState.SCHEDULED,
    "ON_HOLD": FulfilmentState.ON_HOLD,
    "IN_PROGRESS": FulfilmentState.IN_PROGRESS,
    "PENDING_FULFILLMENT": FulfilmentState.IN_PROGRESS,
    "PARTIALLY_FULFILLED": FulfilmentState.PARTIAL,
    "FULFILLED": FulfilmentState.FULFILLED,
    "RESTOCKED": FulfilmentState.RESTOCKED,
}
PARCEL = {
    "LABEL_PURCHASED": ParcelState.LABELLED,
    "LABEL_PRINTED": ParcelState.LABELLED,
    "SUBMITTED": ParcelState.LABELLED,
    "FULFILLED": ParcelState.CONFIRMED,
    "MARKED_AS_FULFILLED": ParcelState.CONFIRMED,
    "CONFIRMED": ParcelState.CONFIRMED,
    "CARRIER_PICKED_UP": ParcelState.IN_TRANSIT,
    "IN_TRANSIT": ParcelState.IN_TRANSIT,
    "OUT_FOR_DELIVERY": ParcelState.OUT_FOR_DELIVERY,
    "ATTEMPTED_DELIVERY": ParcelState.ATTEMPTED,
    "READY_FOR_PICKUP": ParcelState.READY_FOR_PICKUP,
    "DELAYED": ParcelState.DELAYED,
    "DELIVERED": ParcelState.DELIVERED,
    "PICKED_UP": ParcelState.PICKED_UP,
    "FAILURE": ParcelState.FAILED,
    "NOT_DELIVERED": ParcelState.FAILED,
    "CANCELED": ParcelState.CANCELLED,
    "LABEL_VOIDED": ParcelState.CANCELLED,
}
RETURN = {
    "REQUESTED": ReturnState.REQUESTED,
    "OPEN": ReturnState.OPEN,
    "CLOSED": ReturnState.CLOSED,
    "DECLINED": ReturnState.DECLINED,
    "CANCELED": ReturnState.CANCELLED,
}
TRANSACTION = {
    "SUCCESS": TransactionState.SUCCESS,
    "PENDING": TransactionState.PENDING,
    "AWAITING_RESPONSE": TransactionState.PENDING,
    "ERROR": TransactionState.FAILED,
    "FAILURE": TransactionState.FAILED,
}
RESTOCK = {"CANCEL": "cancelled", "RETURN": "returned", "LEGACY_RESTOCK": "returned"}
_RISKS = ("HIGH", "MEDIUM", "LOW")
_FINAL_SALE = {"final sale", "final-sale", "final_sale", "finalsale"}

#: Members of answers by the kind of protected data they are; ``denied`` paths end in them.
PROTECTED = {
    "email": "email",
    "emailAddress": "email",
    "defaultEmailAddress": "email",
    "phone": "phone",
    "phoneNumber": "phone",
    "defaultPhoneNumber": "phone",
    "firstName": "name",
    "lastName": "name",
    "displayName": "name",
    "defaultAddress": "address",
    "addresses": "address",
    "addressesV2": "address",
    "shippingAddress": "address",
    "billingAddress": "address",
}


def withheld(denied: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return which kinds of facts the shop did not let us see."""
    found = {PROTECTED[part] for path in denied for part in path[-2:] if part in PROTECTED}
    return tuple(sorted(found))


def store_facts(shop: Node) -> StoreFacts:
    """Read ``shop``."""
    return StoreFacts(
        id=text(shop.get("id")),
        name=text(shop.get("name")),
        currency=text(shop.get("currencyCode")),
        domain=text(shop.get("myshopifyDomain")),
        timezone=text(shop.get("ianaTimezone")) or "UTC",
        email=text(shop.get("contactEmail")) or text(shop.get("email")),
        order_prefix=text(shop.get("orderNumberFormatPrefix")),
        order_suffix=text(shop.get("orderNumberFormatSuffix")),
    )


def customer_facts(
    customer: Node, *, read_at: datetime, hidden: tuple[str, ...] = ()
) -> CustomerFacts:
    """Read a customer of any of our documents; what one did not ask for stays empty."""
    email = node(customer.get("defaultEmailAddress"))
    phone = node(customer.get("defaultPhoneNumber"))
    last = node(customer.get("lastOrder"))
    home = customer.get("defaultAddress")
    return CustomerFacts(
        id=text(customer.get("id")),
        number=number_of(text(customer.get("id"))),
        name=text(customer.get("displayName")),
        first_name=text(customer.get("firstName")),
        last_name=text(customer.get("lastName")),
        email=text(email.get("emailAddress")),
        email_verified=customer.get("verifiedEmail") is True,
        phone=text(phone.get("phoneNumber")),
        locale=text(customer.get("locale")),
        note=text(customer.get("note")),
        tags=texts(customer.get("tags")),
        account=slug(customer.get("state")),
        orders=whole(customer.get("numberOfOrders")),
        spent=amount(customer.get("amountSpent")),
        lifetime=text(customer.get("lifetimeDuration")),
        spend_tier=slug(node(customer.get("statistics")).get("predictedSpendTier")),
        email_marketing=slug(email.get("marketingState")),
        email_marketing_at=when(email.get("marketingUpdatedAt")),
        sms_marketing=slug(phone.get("marketingState")),
        sms_marketing_at=when(phone.get("marketingUpdatedAt")),
        address=address_facts(home) if home else None,
        addresses=tuple(address_facts(one) for one in rows(customer.get("addressesV2"))),
        tax_exempt=customer.get("taxExempt") is True,
        last_order_id=text(last.get("id")),
        last_order_name=text(last.get("name")),
        last_order_at=when(last.get("processedAt")),
        created_at=when(customer.get("createdAt")),
        updated_at=when(customer.get("updatedAt")),
        read_at=read_at,
        withheld=hidden,
    )


def address_facts(address: Any) -> AddressFacts:
    """Read a postal address."""
    told = node(address)
    return AddressFacts(
        first_name=text(told.get("firstName")),
        last_name=text(told.get("lastName")),
        company=text(told.get("company")),
        line1=text(told.get("address1")),
        line2=text(told.get("address2")),
        city=text(told.get("city")),
        province_code=text(told.get("provinceCode")),
        zip=text(told.get("zip")),
        country_code=text(told.get("countryCodeV2")),
        phone=text(told.get("phone")),
        formatted=texts(told.get("formatted")),
        id=text(told.get("id")),
    )


def order_facts(order: Node, *, read_at: datetime, hidden: tuple[str, ...] = ()) -> OrderFacts:
    """Read an order of ``order_detail`` or of the bulk document."""
    shop_currency = text(order.get("currencyCode"))
    currency = text(order.get("presentmentCurrencyCode")) or shop_currency
    nothing = Money.zero(currency)

    def money(name: str) -> Money:
        return paid_in(order.get(name)) or nothing

    parcels = tuple(_parcel(one) for one in rows(order.get("fulfillments")))
    customer = node(order.get("customer"))
    shipping = order.get("shippingAddress")
    billing = order.get("billingAddress")
    total_bag = node(order.get("totalPriceSet"))
    current_total = paid_in(order.get("currentTotalPriceSet")) or nothing
    return OrderFacts(
        id=text(order.get("id")),
        name=text(order.get("name")),
        currency=currency,
        subtotal=money("subtotalPriceSet"),
        shipping=money("totalShippingPriceSet"),
        tax=money("totalTaxSet"),
        discounts=money("totalDiscountsSet"),
        total=paid_in(total_bag) or current_total,
        current_total=current_total,
        paid=money("totalReceivedSet"),
        refunded=money("totalRefundedSet"),
        outstanding=money("totalOutstandingSet"),
        placed_at=when(order.get("processedAt")) or when(order.get("createdAt")) or EPOCH,
        number=number_of(text(order.get("id"))),
        store_total=amount(total_bag.get("shopMoney")) if shop_currency != currency else None,
        confirmation=text(order.get("confirmationNumber")),
        po_number=text(order.get("poNumber")),
        updated_at=when(order.get("updatedAt")),
        read_at=read_at,
        cancelled_at=when(order.get("cancelledAt")),
        cancel_reason=slug(order.get("cancelReason")),
        closed_at=when(order.get("closedAt")),
        payment=PAYMENT.get(text(order.get("displayFinancialStatus")), PaymentState.UNKNOWN),
        fulfilment=FULFILMENT.get(
            text(order.get("displayFulfillmentStatus")), FulfilmentState.UNKNOWN
        ),
        return_state=_return_state(slug(order.get("returnStatus"))),
        refunded_shipping=paid_in(order.get("totalRefundedShippingSet")),
        taxes_included=order.get("taxesIncluded") is True,
        lines=tuple(_line(one, parcels, currency) for one in rows(order.get("lineItems"))),
        parcels=parcels,
        refunds=tuple(_refund(one, currency) for one in rows(order.get("refunds"))),
        returns=tuple(return_facts(one) for one in rows(order.get("returns"))),
        transactions=tuple(transaction_facts(one, currency) for one in _transactions(order)),
        disputes=tuple(
            Dispute(
                id=text(one.get("id")),
                kind=slug(one.get("initiatedAs")),
                state=slug(one.get("status")),
            )
            for one in rows(order.get("disputes"))
        ),
        shipping_address=address_facts(shipping) if shipping else None,
        billing_address=address_facts(billing) if billing else None,
        shipping_method=text(node(order.get("shippingLine")).get("title")),
        requires_shipping=order.get("requiresShipping") is not False,
        note=text(order.get("note")),
        tags=texts(order.get("tags")),
        attributes=_attributes(order.get("customAttributes")),
        discount_codes=texts(order.get("discountCodes")),
        customer_id=text(customer.get("id")),
        customer_name=text(customer.get("displayName")),
        email=text(order.get("email")),
        phone=text(order.get("phone")),
        locale=text(order.get("customerLocale")),
        source=text(order.get("sourceName")),
        status_page_url=text(order.get("statusPageUrl")),
        risk=_risk(node(order.get("risk"))),
        test=order.get("test") is True,
        edited=order.get("edited") is True,
        refundable=order.get("refundable") is True,
        editable=order.get("merchantEditable") is True,
        edit_refusals=texts(order.get("merchantEditableErrors")),
        restockable=order.get("restockable") is True,
        notifiable=order.get("canNotifyCustomer") is True,
        lines_cut=_more(order.get("lineItems")),
        withheld=hidden,
    )


def order_lines(connection: Any, order: OrderFacts) -> tuple[LineFacts, ...]:
    """Read further lines of an order whose beginning was read before."""
    return tuple(_line(one, order.parcels, order.currency) for one in rows(connection))


def _return_state(told: str) -> str:
    return {"no_return": "none", "return_requested": "requested", "inspection_complete": "inspected",
            "return_failed": "failed"}.get(told, told)  # fmt: skip


def _transactions(order: Node) -> list[Node]:
    return list(rows(order.get("transactions")))


def _more(connection: Any) -> bool:
    return node(node(connection).get("pageInfo")).get("hasNextPage") is True


def _risk(risk: Node) -> str:
    levels = {text(one.get("riskLevel")) for one in rows(risk.get("assessments"))}
    return next((level.lower() for level in _RISKS if level in levels), "")


def _attributes(value: Any) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(key=text(one.get("key")), value=text(one.get("value"))) for one in rows(value)
    )


def _line(line: Node, parcels: tuple[ParcelFacts, ...], currency: str) -> LineFacts:
    nothing = Money.zero(currency)
    quantity = whole(line.get("quantity"))
    current = whole(line.get("currentQuantity")) if "currentQuantity" in line else quantity
    unfulfilled = whole(line.get("unfulfilledQuantity"))
    unit = paid_in(line.get("originalUnitPriceSet"))
    paid = paid_in(line.get("discountedUnitPriceAfterAllDiscountsSet"))
    variant, product = node(line.get("variant")), node(line.get("product"))
    image = node(line.get("image"))
    tags = texts(product.get("tags"))
    attributes = _attributes(line.get("customAttributes"))
    line_id = text(line.get("id"))
    shipped = sum(
        one.quantity
        for parcel in parcels
        if parcel.active
        for one in parcel.lines
        if one.line_id == line_id
    )
    return LineFacts(
        id=line_id,
        title=text(line.get("title")) or text(line.get("name")),
        quantity=quantity,
        unit_price=unit or paid or nothing,
        total=(paid or unit or nothing).times(current),
        variant=text(line.get("variantTitle")),
        sku=text(line.get("sku")),
        vendor=text(line.get("vendor")),
        current_quantity=current,
        fulfilled_quantity=shipped or max(current - unfulfilled, 0),
        unfulfilled_quantity=unfulfilled,
        refundable_quantity=whole(line.get("refundableQuantity")),
        paid_price=paid,
        discount=paid_in(line.get("totalDiscountSet")),
        image_url=text(image.get("url")),
        image_alt=text(image.get("altText")),
        product_id=text(product.get("id")),
        product_url=text(product.get("onlineStoreUrl")),
        product_tags=tags,
        variant_id=text(variant.get("id")),
        available=variant.get("availableForSale"),
        stock=variant.get("inventoryQuantity"),
        requires_shipping=line.get("requiresShipping") is not False,
        gift_card=line.get("isGiftCard") is True,
        restockable=line.get("restockable") is not False,
        editable=line.get("merchantEditable") is not False,
        final_sale=any(tag.casefold() in _FINAL_SALE for tag in tags)
        or any(one.key.casefold().lstrip("_") in _FINAL_SALE for one in attributes),
        attributes=attributes,
    )


def _parcel(parcel: Node) -> ParcelFacts:
    status = text(parcel.get("status"))
    active = status not in {"CANCELLED", "ERROR", "FAILURE"}
    state = PARCEL.get(text(parcel.get("displayStatus")), ParcelState.UNKNOWN)
    return ParcelFacts(
        id=text(parcel.get("id")),
        name=text(parcel.get("name")),
        state=state if active else ParcelState.CANCELLED,
        active=active,
        tracking=tuple(
            Tracking(
                carrier=text(one.get("company")),
                number=text(one.get("number")),
                url=_web_link(text(one.get("url"))),
            )
            for one in rows(parcel.get("trackingInfo"))
        ),
        lines=tuple(
            ParcelLine(
                id=text(one.get("id")),
                line_id=text(node(one.get("lineItem")).get("id")),
                quantity=whole(one.get("quantity")),
                name=text(node(one.get("lineItem")).get("name")),
            )
            for one in rows(parcel.get("fulfillmentLineItems"))
        ),
        events=tuple(_events(parcel)),
        location=text(node(parcel.get("location")).get("name")),
        created_at=when(parcel.get("createdAt")),
        in_transit_at=when(parcel.get("inTransitAt")),
        estimate=when(parcel.get("estimatedDeliveryAt")),
        delivered_at=when(parcel.get("deliveredAt")),
        updated_at=when(parcel.get("updatedAt")),
    )


def _web_link(url: str) -> str:
    """Return a link that a browser may be sent to: whoever ships can type anything there."""
    return url if url.startswith(("https://", "http://")) else ""


def _events(parcel: Node) -> list[ParcelEvent]:
    found = []
    for one in rows(parcel.get("events")):
        at = when(one.get("happenedAt"))
        if at is None:
            continue
        place = [text(one.get(part)) for part in ("city", "province", "country")]
        found.append(
            ParcelEvent(
                state=PARCEL.get(text(one.get("status")), ParcelState.UNKNOWN),
                at=at,
                message=text(one.get("message")),
                place=", ".join(part for part in place if part),
            )
        )
    return found


def _refund(refund: Node, currency: str) -> RefundFacts:
    nothing = Money.zero(currency)
    return RefundFacts(
        id=text(refund.get("id")),
        total=paid_in(refund.get("totalRefundedSet")) or nothing,
        created_at=when(refund.get("createdAt")),
        note=text(refund.get("note")),
        lines=tuple(
            RefundLine(
                line_id=text(node(one.get("lineItem")).get("id")),
                quantity=whole(one.get("quantity")),
                amount=paid_in(one.get("subtotalSet")) or nothing,
                tax=paid_in(one.get("totalTaxSet")),
                name=text(node(one.get("lineItem")).get("name")),
                restock=RESTOCK.get(text(one.get("restockType")), "none"),
            )
            for one in rows(refund.get("refundLineItems"))
        ),
    )


def return_facts(found: Node) -> ReturnFacts:
    """Read a return as an order lists it: without its lines."""
    return ReturnFacts(
        id=text(found.get("id")),
        name=text(found.get("name")),
        state=RETURN.get(text(found.get("status")), ReturnState.UNKNOWN),
        quantity=whole(found.get("totalQuantity")),
        created_at=when(found.get("createdAt")),
        closed_at=when(found.get("closedAt")),
    )


def transaction_facts(told: Node, currency: str) -> TransactionFacts:
    """Read one movement of money."""
    return TransactionFacts(
        id=text(told.get("id")),
        kind=slug(told.get("kind")),
        state=TRANSACTION.get(text(told.get("status")), TransactionState.UNKNOWN),
        amount=paid_in(told.get("amountSet")) or Money.zero(currency),
        gateway=text(told.get("gateway")),
        method=text(told.get("formattedGateway")),
        manual=told.get("manualPaymentGateway") is True,
        at=when(told.get("processedAt")),
        parent_id=text(node(told.get("parentTransaction")).get("id")),
        refundable=amount(told.get("maximumRefundableV2")),
        error=slug(told.get("errorCode")),
    )


def product_facts(product: Node, *, currency: str, read_at: datetime) -> ProductFacts:
    """Read a product; its prices are in the shop's currency."""
    media = node(node(product.get("featuredMedia")).get("preview"))
    return ProductFacts(
        id=text(product.get("id")),
        title=text(product.get("title")),
        handle=text(product.get("handle")),
        number=number_of(text(product.get("id"))),
        url=text(product.get("onlineStoreUrl")),
        kind=text(product.get("productType")),
        vendor=text(product.get("vendor")),
        status=slug(product.get("status")),
        tags=texts(product.get("tags")),
        image_url=text(node(media.get("image")).get("url")),
        description=text(product.get("descriptionHtml")),
        variants=tuple(_variant(one, currency) for one in rows(product.get("variants"))),
        variants_cut=_more(product.get("variants")),
        updated_at=when(product.get("updatedAt")),
        read_at=read_at,
    )


def _variant(variant: Node, currency: str) -> VariantFacts:
    price = amount({"amount": variant.get("price"), "currencyCode": currency})
    return VariantFacts(
        id=text(variant.get("id")),
        title=text(variant.get("title")),
        price=price or Money.zero(currency),
        sku=text(variant.get("sku")),
        options=tuple(
            Attribute(key=text(one.get("name")), value=text(one.get("value")))
            for one in rows(variant.get("selectedOptions"))
        ),
        available=variant.get("availableForSale") is True,
        stock=variant.get("inventoryQuantity"),
    )
