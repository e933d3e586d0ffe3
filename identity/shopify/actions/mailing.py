"""The order's confirmation once more, and an invoice that we make ourselves."""

from identity.commerce.requests import ConfirmationRequest, InvoiceRequest
from identity.commerce.seam import Change, Job, OutcomeState, Preview, Receipt, RefusedError
from identity.shopify.actions.kit import Action, Result, Step, receipt, request_of, unknowable
from identity.shopify.desk import Desk


def preview_mail(
    desk: Desk, request: ConfirmationRequest, order_id: str, customer_id: str
) -> Preview:
    """Return where the mail would go."""
    order = desk.order(order_id)
    to = request.email or order.email
    if not to:
        raise RefusedError("The shop shows no address for this order. Enter one.")
    return Preview(changes=(Change("Mail", "", f"{order.name} to {to}"),), platform={"to": to})


def perform_mail(desk: Desk, job: Job) -> Result:
    """Have the shop send its mail."""
    variables = {"id": job.order_id, "email": {"to": job.preview.platform["to"]}}
    desk.write("order_invoice_send", variables, "orderInvoiceSend")
    return {}


def outcome_mail(desk: Desk, job: Job) -> Receipt:
    """The shop's word is all there is: it does not tell whether a mail arrived."""
    request_of(job, ConfirmationRequest)
    return receipt(OutcomeState.DONE, f"The shop mailed {job.preview.platform['to']}.")


def preview_invoice(
    desk: Desk, request: InvoiceRequest, order_id: str, customer_id: str
) -> Preview:
    """Nothing at the shop changes."""
    order = desk.order(order_id)
    return Preview(changes=(Change("Invoice", "", f"{order.name} as a PDF"),))


def outcome_invoice(desk: Desk, job: Job) -> Receipt:
    """Return the order the invoice is made of."""
    order = desk.order(job.order_id)
    return receipt(OutcomeState.DONE, f"The invoice of {order.name} is ready.", order=order)


CONFIRMATION = Action(preview_mail, outcome_mail)
INVOICE = Action(preview_invoice, outcome_invoice)
STEPS = {"mail": Step(perform_mail, unknowable)}
