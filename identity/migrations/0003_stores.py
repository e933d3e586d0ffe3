"""The shops a workspace is connected to, and what is kept of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import helpdesk.foundation.crypto
import helpdesk.foundation.ids
import identity.tenancy
from helpdesk.foundation.ledger import claim_function, counting_function
from identity.wall import EnforceWall, LedgerAccess, SystemFunction

#: An event or a session token names a shop; whose it is stands behind the wall. The shop held now
#: comes first, then the one that was held last: late events of a disconnected shop find it too.
ROUTE_STORE = """
CREATE FUNCTION route_store(wanted_platform varchar, wanted_domain varchar, wanted_gid varchar)
RETURNS TABLE (workspace_id uuid, store_id uuid, status varchar, gid varchar, domain varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.workspace_id, s.id, s.status, s.gid, s.domain FROM identity_store s
   WHERE s.platform = wanted_platform
     AND (s.gid = wanted_gid OR s.domain = wanted_domain OR wanted_domain = ANY(s.former_domains))
   ORDER BY (s.gid = wanted_gid) DESC,
            (s.status IN ('installed', 'needs_login', 'frozen')) DESC,
            (s.domain = wanted_domain) DESC, s.installed_at DESC
   LIMIT 1
$$
"""

HELD_STORES = """
CREATE FUNCTION held_stores()
RETURNS TABLE (workspace_id uuid, store_id uuid, status varchar, token_expires_at timestamptz,
               refresh_expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.workspace_id, s.id, s.status, s.token_expires_at, s.refresh_expires_at
    FROM identity_store s WHERE s.status IN ('installed', 'needs_login', 'frozen')
   ORDER BY s.id
$$
"""

TENANT = [
    "Store",
    "StoreUser",
    "SyncMark",
    "StoreEvent",
    "StoreBackfill",
    "StoreCustomer",
    "StoreOrder",
    "StoreProduct",
    "StorePolicy",
    "CustomerLink",
    "SupportHistory",
]
LEDGERS = ["identity_storeevent", "identity_storebackfill", "identity_supporthistory"]


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_wall")]

    operations = [
        migrations.CreateModel(
            name="Store",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("platform", models.CharField(default="shopify", max_length=20)),
                ("gid", models.CharField(max_length=120)),
                ("domain", models.CharField(max_length=255)),
                (
                    "former_domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("timezone", models.CharField(default="UTC", max_length=60)),
                ("order_prefix", models.CharField(blank=True, default="#", max_length=40)),
                ("order_suffix", models.CharField(blank=True, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("installed", "Connected"),
                            ("needs_login", "Needs somebody to open the app"),
                            ("frozen", "Paused by the platform"),
                            ("uninstalled", "Disconnected"),
                            ("gone", "Closed"),
                        ],
                        default="installed",
                        max_length=12,
                    ),
                ),
                ("trouble", models.TextField(blank=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "hidden",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "secrets",
                    helpdesk.foundation.crypto.EncryptedJSONField(blank=True, default=dict),
                ),
                ("token_expires_at", models.DateTimeField(blank=True, null=True)),
                ("refresh_expires_at", models.DateTimeField(blank=True, null=True)),
                ("installed_at", models.DateTimeField()),
                ("uninstalled_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="StoreBackfill",
            fields=[
                (
                    "work_state",
                    models.CharField(
                        choices=[
                            ("new", "Waiting"),
                            ("claimed", "In work"),
                            ("done", "Done"),
                            ("ignored", "Nothing for us"),
                            ("quarantined", "Needs a look"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("order_key", models.CharField(blank=True, default="", max_length=200)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("orders", "Orders"),
                            ("products", "Products"),
                            ("policies", "Policies"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("ask", "Waiting to start"),
                            ("prepare", "Being prepared by the shop"),
                            ("read", "Being read"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="ask",
                        max_length=8,
                    ),
                ),
                ("operation_gid", models.CharField(blank=True, max_length=120)),
                ("result_url", models.TextField(blank=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("as_of", models.DateTimeField(blank=True, null=True)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backfills",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="StoreCustomer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("gid", models.CharField(max_length=120)),
                ("number", models.BigIntegerField()),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("remote_updated_at", models.DateTimeField(blank=True, null=True)),
                ("synced_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("email", models.CharField(blank=True, max_length=320)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("merged_into_gid", models.CharField(blank=True, max_length=120)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("signed", "Signed in at the shop"),
                            ("email", "Same e-mail address"),
                            ("phone", "Same phone number"),
                            ("order", "An order's address or number"),
                            ("code", "One-time code"),
                            ("manual", "Linked by a colleague"),
                        ],
                        max_length=8,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("verified", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="customer_links",
                        to="identity.contact",
                    ),
                ),
                (
                    "linked_by",
                    identity.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "undone_by",
                    identity.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
                (
                    "customer",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="identity.storecustomer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoreEvent",
            fields=[
                (
                    "work_state",
                    models.CharField(
                        choices=[
                            ("new", "Waiting"),
                            ("claimed", "In work"),
                            ("done", "Done"),
                            ("ignored", "Nothing for us"),
                            ("quarantined", "Needs a look"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("order_key", models.CharField(blank=True, default="", max_length=200)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("topic", models.CharField(max_length=80)),
                ("dedupe_key", models.CharField(max_length=200)),
                ("api_version", models.CharField(blank=True, max_length=20)),
                ("triggered_at", models.DateTimeField(blank=True, null=True)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoreOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("gid", models.CharField(max_length=120)),
                ("number", models.BigIntegerField()),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("remote_updated_at", models.DateTimeField(blank=True, null=True)),
                ("synced_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("name_key", models.CharField(blank=True, max_length=80)),
                ("customer_gid", models.CharField(blank=True, max_length=120)),
                ("email", models.CharField(blank=True, max_length=320)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("placed_at", models.DateTimeField(blank=True, null=True)),
                ("detailed", models.BooleanField(default=False)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StorePolicy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("url", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
                ("remote_updated_at", models.DateTimeField(blank=True, null=True)),
                ("synced_at", models.DateTimeField()),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoreProduct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("gid", models.CharField(max_length=120)),
                ("number", models.BigIntegerField()),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("remote_updated_at", models.DateTimeField(blank=True, null=True)),
                ("synced_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("handle", models.CharField(blank=True, max_length=300)),
                ("status", models.CharField(blank=True, max_length=20)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoreUser",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("remote_id", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "membership",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="users",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SupportHistory",
            fields=[
                (
                    "work_state",
                    models.CharField(
                        choices=[
                            ("new", "Waiting"),
                            ("claimed", "In work"),
                            ("done", "Done"),
                            ("ignored", "Nothing for us"),
                            ("quarantined", "Needs a look"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("order_key", models.CharField(blank=True, default="", max_length=200)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wanted", models.JSONField(blank=True, default=dict)),
                ("written", models.JSONField(blank=True, null=True)),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.storecustomer",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SyncMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=helpdesk.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("orders", "Orders"),
                            ("products", "Products"),
                            ("policies", "Policies"),
                        ],
                        max_length=12,
                    ),
                ),
                ("complete_until", models.DateTimeField(blank=True, null=True)),
                ("reconciled_at", models.DateTimeField(blank=True, null=True)),
                ("last_event_at", models.DateTimeField(blank=True, null=True)),
                ("drift", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "store",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="identity.store",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnroutedEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("platform", models.CharField(max_length=20)),
                ("domain", models.CharField(max_length=255)),
                ("topic", models.CharField(max_length=80)),
                ("dedupe_key", models.CharField(max_length=200)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["domain", "id"], name="unrouted_domain")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "dedupe_key"), name="unrouted_event_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="store",
            index=models.Index(fields=["platform", "domain"], name="store_domain"),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.UniqueConstraint(
                fields=("workspace", "platform", "gid"), name="store_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("installed", "needs_login", "frozen"))),
                fields=("platform", "gid"),
                name="store_held_once",
            ),
        ),
        migrations.AddIndex(
            model_name="storebackfill",
            index=models.Index(
                condition=models.Q(("work_state", "new")),
                fields=["due_at", "id"],
                name="storebackfill_due",
            ),
        ),
        migrations.AddIndex(
            model_name="storebackfill",
            index=models.Index(
                condition=models.Q(("work_state", "claimed")),
                fields=["lease_until"],
                name="storebackfill_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="storebackfill",
            index=models.Index(
                condition=models.Q(("work_state__in", ["new", "claimed"])),
                fields=["workspace", "order_key", "id"],
                name="storebackfill_order",
            ),
        ),
        migrations.AddIndex(
            model_name="storebackfill",
            index=models.Index(fields=["workspace", "store", "-id"], name="storebackfill_of"),
        ),
        migrations.AddIndex(
            model_name="storecustomer",
            index=models.Index(fields=["workspace", "email"], name="customer_email"),
        ),
        migrations.AddIndex(
            model_name="storecustomer",
            index=models.Index(fields=["workspace", "phone"], name="customer_phone"),
        ),
        migrations.AddIndex(
            model_name="storecustomer",
            index=models.Index(fields=["workspace", "store", "number"], name="customer_number"),
        ),
        migrations.AddConstraint(
            model_name="storecustomer",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "gid"), name="customer_once"
            ),
        ),
        migrations.AddIndex(
            model_name="customerlink",
            index=models.Index(fields=["workspace", "customer"], name="customer_link_customer"),
        ),
        migrations.AddConstraint(
            model_name="customerlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("workspace", "contact", "customer"),
                name="customer_link_once",
            ),
        ),
        migrations.AddIndex(
            model_name="storeevent",
            index=models.Index(
                condition=models.Q(("work_state", "new")),
                fields=["due_at", "id"],
                name="storeevent_due",
            ),
        ),
        migrations.AddIndex(
            model_name="storeevent",
            index=models.Index(
                condition=models.Q(("work_state", "claimed")),
                fields=["lease_until"],
                name="storeevent_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="storeevent",
            index=models.Index(
                condition=models.Q(("work_state__in", ["new", "claimed"])),
                fields=["workspace", "order_key", "id"],
                name="storeevent_order",
            ),
        ),
        migrations.AddIndex(
            model_name="storeevent",
            index=models.Index(
                condition=models.Q(("work_state__in", ["ignored", "quarantined"])),
                fields=["workspace", "work_state", "-id"],
                name="storeevent_to_look_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="storeevent",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "dedupe_key"), name="store_event_once"
            ),
        ),
        migrations.AddIndex(
            model_name="storeorder",
            index=models.Index(
                fields=["workspace", "store", "customer_gid", "-placed_at"], name="order_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="storeorder",
            index=models.Index(fields=["workspace", "email", "-placed_at"], name="order_email"),
        ),
        migrations.AddIndex(
            model_name="storeorder",
            index=models.Index(fields=["workspace", "phone", "-placed_at"], name="order_phone"),
        ),
        migrations.AddIndex(
            model_name="storeorder",
            index=models.Index(fields=["workspace", "name_key"], name="order_name_key"),
        ),
        migrations.AddIndex(
            model_name="storeorder",
            index=models.Index(fields=["workspace", "store", "number"], name="order_number"),
        ),
        migrations.AddConstraint(
            model_name="storeorder",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "gid"), name="order_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="storepolicy",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "kind"), name="policy_once"
            ),
        ),
        migrations.AddIndex(
            model_name="storeproduct",
            index=models.Index(fields=["workspace", "title"], name="product_title"),
        ),
        migrations.AddConstraint(
            model_name="storeproduct",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "gid"), name="product_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="storeuser",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "remote_id"), name="store_user"
            ),
        ),
        migrations.AddIndex(
            model_name="supporthistory",
            index=models.Index(
                condition=models.Q(("work_state", "new")),
                fields=["due_at", "id"],
                name="history_due",
            ),
        ),
        migrations.AddIndex(
            model_name="supporthistory",
            index=models.Index(
                condition=models.Q(("work_state", "claimed")),
                fields=["lease_until"],
                name="history_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="supporthistory",
            index=models.Index(
                condition=models.Q(("work_state__in", ["new", "claimed"])),
                fields=["workspace", "order_key", "id"],
                name="history_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="supporthistory",
            constraint=models.UniqueConstraint(
                fields=("workspace", "customer"), name="history_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="syncmark",
            constraint=models.UniqueConstraint(
                fields=("workspace", "store", "subject"), name="sync_mark"
            ),
        ),
        EnforceWall(models=TENANT),
        SystemFunction(
            signature="route_store(varchar, varchar, varchar)",
            definition=ROUTE_STORE,
            reads=["identity_store"],
        ),
        SystemFunction(signature="held_stores()", definition=HELD_STORES, reads=["identity_store"]),
        *(
            LedgerAccess(table=table, functions=[claim_function(table), counting_function(table)])
            for table in LEDGERS
        ),
    ]
