"""What is kept of a shop: customers, orders, products, policies, and who is which customer.

``facts`` is the JSON of a dataclass in ``identity/commerce/facts.py``; the columns beside it are
what rows are found by. ``remote_updated_at`` is the shop's clock: older never overwrites newer.
A deleted thing stays as a tombstone, without its facts, so that a late event can't bring it back.
"""

from django.db import models
from django.db.models import Q

from helpdesk.foundation.ledger import LedgerRow, ledger_indexes
from identity.models.contact import Contact
from identity.models.role import Membership
from identity.models.store import Store
from identity.tenancy import TenantForeignKey, TenantModel


class Mirrored(models.Model):
    """The columns that everything copied from a shop has."""

    gid = models.CharField(max_length=120)
    #: The number inside the gid; ids go beyond 2^53.
    number = models.BigIntegerField()
    facts = models.JSONField(default=dict, blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class StoreCustomer(TenantModel, Mirrored):
    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300, blank=True)
    #: Lower case; empty where the shop does not know or does not show it.
    email = models.CharField(max_length=320, blank=True)
    #: E.164, or empty. Several customers may have one number.
    phone = models.CharField(max_length=32, blank=True)
    #: The customer this one was merged into, by the shop.
    merged_into_gid = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "gid"), name="customer_once"),
        )
        indexes = (
            models.Index(fields=("workspace", "email"), name="customer_email"),
            models.Index(fields=("workspace", "phone"), name="customer_phone"),
            models.Index(fields=("workspace", "store", "number"), name="customer_number"),
        )

    def __str__(self) -> str:
        return self.name or self.gid


class StoreOrder(TenantModel, Mirrored):
    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    #: As the shop prints it, say "#1001".
    name = models.CharField(max_length=80, blank=True)
    #: ``order_name_key(name)``: what "#1001" and "order 1001" have in common.
    name_key = models.CharField(max_length=80, blank=True)
    #: Empty for guests.
    customer_gid = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    #: False while only the bulk read was here: parcels' lines and refunds' lines are missing then.
    detailed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "gid"), name="order_once"),
        )
        indexes = (
            models.Index(
                fields=("workspace", "store", "customer_gid", "-placed_at"), name="order_customer"
            ),
            models.Index(fields=("workspace", "email", "-placed_at"), name="order_email"),
            models.Index(fields=("workspace", "phone", "-placed_at"), name="order_phone"),
            models.Index(fields=("workspace", "name_key"), name="order_name_key"),
            models.Index(fields=("workspace", "store", "number"), name="order_number"),
        )

    def __str__(self) -> str:
        return self.name or self.gid


def order_name_key(name: str) -> str:
    """Return the part of an order's name that people type: no "#", no blanks, no case."""
    return "".join(name.split()).lstrip("#").casefold()


class StoreProduct(TenantModel, Mirrored):
    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    handle = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "gid"), name="product_once"),
        )
        indexes = (models.Index(fields=("workspace", "title"), name="product_title"),)

    def __str__(self) -> str:
        return self.title or self.gid


class StorePolicy(TenantModel):
    """A policy text of the shop, such as its refund policy."""

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    #: The platform's name of it in lower case, say ``refund_policy``.
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    body = models.TextField(blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "kind"), name="policy_once"),
        )

    def __str__(self) -> str:
        return self.title or self.kind


class LinkHow(models.TextChoices):
    """What a link rests on, from the strongest to the weakest."""

    SIGNED = "signed", "Signed in at the shop"
    EMAIL = "email", "Same e-mail address"
    PHONE = "phone", "Same phone number"
    ORDER = "order", "An order's address or number"
    CODE = "code", "One-time code"
    MANUAL = "manual", "Linked by a colleague"


class CustomerLink(TenantModel):
    """Says that a contact is a customer of a shop, why we think so, and whether it is proven."""

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="customer_links")
    customer = TenantForeignKey(StoreCustomer, on_delete=models.CASCADE, related_name="links")
    how = models.CharField(max_length=8, choices=LinkHow.choices)
    #: One short fact, e.g. "matched by e-mail, DMARC passed".
    evidence = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)
    linked_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "contact", "customer"),
                condition=Q(undone_at__isnull=True),
                name="customer_link_once",
            ),
        )
        indexes = (models.Index(fields=("workspace", "customer"), name="customer_link_customer"),)

    def __str__(self) -> str:
        return f"{self.contact_id} is {self.customer_id}"


class SupportHistory(TenantModel, LedgerRow):
    """What the shop's own page of a customer says of their conversations with us.

    One row for each customer, written again whenever the summary changes: many changes become
    one call.
    """

    customer = TenantForeignKey(StoreCustomer, on_delete=models.CASCADE, related_name="+")
    #: What shall stand there.
    wanted = models.JSONField(default=dict, blank=True)
    #: What stands there, as far as we know; null before the first write.
    written = models.JSONField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "customer"), name="history_once"),
        )
        indexes = ledger_indexes("history")

    def __str__(self) -> str:
        return f"history of {self.customer_id}"
