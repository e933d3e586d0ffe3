"""Addresses and items."""

from identity.commerce.requests import EditRequest, Kind
from identity.commerce.verdicts import Answer, Case, RuleList, only, refuse

RULES = RuleList()


@RULES.rule(
    "address.shipped",
    "The address of an order changes only while nothing of it was shipped.",
    only(Kind.ORDER_ADDRESS),
)
def _address_shipped(case: Case) -> Answer:
    if case.facts.shipped:
        return refuse(
            "address.shipped",
            f"{case.facts.name} has been shipped. Ask the carrier to redirect the parcel.",
        )
    return None


@RULES.rule(
    "address.incomplete",
    "Street, town and country have to be there.",
    only(Kind.ORDER_ADDRESS, Kind.CUSTOMER_ADDRESS),
)
def _address_incomplete(case: Case) -> Answer:
    address = getattr(case.request, "address", None)
    if address is None or not (address.line1 and address.city and address.country_code):
        return refuse("address.incomplete", "An address needs street, town and country.")
    return None


@RULES.rule(
    "edit.locked", "The platform says whether an order's items may still change.", only(Kind.EDIT)
)
def _edit_locked(case: Case) -> Answer:
    if not case.facts.editable:
        why = " ".join(case.facts.edit_refusals)
        return refuse(
            "edit.locked", f"The items of {case.facts.name} can't be changed. {why}".strip()
        )
    return None


@RULES.rule("edit.shipped", "Pieces that were shipped stay on the order.", only(Kind.EDIT))
def _edit_shipped(case: Case) -> Answer:
    assert isinstance(case.request, EditRequest)
    for pieces in case.request.lines:
        line = case.facts.line(pieces.line_id)
        if line is None or pieces.quantity < 0:
            return refuse(
                "edit.shipped", "Choose lines of this order, with a quantity of 0 or more."
            )
        if pieces.quantity < line.fulfilled_quantity:
            return refuse(
                "edit.shipped", f"{line.name}: {line.fulfilled_quantity} were shipped already."
            )
    if not case.request.lines and not case.request.add:
        return refuse("edit.shipped", "Say what to change.")
    return None
