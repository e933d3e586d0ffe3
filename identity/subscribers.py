"""What identity reacts to: customers and contacts that changed may be each other's."""

from datetime import datetime

from helpdesk.foundation.events import subscribe
from identity import privacy  # noqa: F401  (registers identity's part)
from identity.events import ContactsParted, PrivacyCopyReady, StoreCustomerChanged
from identity.models import Store, StoreCustomer
from identity.services.customers import drop_groundless, link_customer
from identity.services.privacy import redact_customer, redact_store, request_export
from identity.services.privacy_news import tell_admins
from identity.shopify.compliance import PrivacyRequest, on_privacy_request
from identity.shopify.hints import Subject
from identity.tenancy import tenant_scope


@subscribe(StoreCustomerChanged)
def look_for_contacts(event: StoreCustomerChanged) -> None:
    """A customer's address says which contacts they are; an old one no longer does."""
    with tenant_scope(event.workspace_id):
        customer = StoreCustomer.objects.filter(pk=event.customer_id).first()
        if customer is not None:
            link_customer(customer)


@subscribe(ContactsParted)
def drop_links(event: ContactsParted) -> None:
    """Links made while the two were one may rest on an address that has gone back."""
    with tenant_scope(event.workspace_id):
        drop_groundless(event.survivor_id)


@on_privacy_request
def do_by_law(store: Store, request: PrivacyRequest, now: datetime) -> str:
    """The platform asks in a customer's name: all rooms do their part, the evidence is a row."""
    if request.subject is Subject.REDACT_SHOP:
        redact_store(store=store, now=now)
        return "erased its customers' conversations"
    ask = request_export if request.subject is Subject.DATA_REQUEST else redact_customer
    done = ask(
        store=store,
        customer_gid=request.customer_gid,
        email=request.email,
        phone=request.phone,
        order_gids=request.order_gids,
        reference=request.reference,
        now=now,
    )
    return "did it for what people wrote" if done.found else "nothing else was found"


@subscribe(PrivacyCopyReady)
def announce_copy(event: PrivacyCopyReady) -> None:
    """A file that nobody knows of would be no answer."""
    with tenant_scope(event.workspace_id):
        tell_admins(event.request_id)
