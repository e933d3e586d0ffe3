"""What identity reacts to: customers and contacts that changed may be each other's."""

from helpdesk.foundation.events import subscribe
from identity.events import ContactsParted, StoreCustomerChanged
from identity.models import StoreCustomer
from identity.services.customers import drop_groundless, link_customer
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
