"""What a shop allows, and every action that moves money or goods."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import helpdesk.foundation.crypto
import helpdesk.foundation.ids
import identity.tenancy
from identity.wall import EnforceWall, SystemFunction

#: Which orders and customers have something due, of whatever workspace; the oldest first. Only the
#: lane is told: the action itself is read inside its workspace.
DUE_MONEY_ACTIONS = """
CREATE FUNCTION due_money_actions(most integer)
RETURNS TABLE (workspace_id uuid, lane varchar) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT m.workspace_id, m.lane FROM identity_moneyaction m
   WHERE m.due_at IS NOT NULL AND m.due_at <= clock_timestamp()
   GROUP BY m.workspace_id, m.lane ORDER BY min(m.due_at) LIMIT most
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0003_stores")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PolicyVersion",
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
                ("settings", models.JSONField(default=dict)),
                ("comment", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "saved_by",
                    identity.tenancy.TenantForeignKey(
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
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="MoneyAction",
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
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(default="previewed", max_length=20)),
                ("order_id", models.CharField(blank=True, max_length=120)),
                ("order_name", models.CharField(blank=True, max_length=80)),
                ("customer_id", models.CharField(blank=True, max_length=120)),
                ("lane", models.CharField(max_length=300)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("request", models.JSONField(default=dict)),
                ("preview", models.JSONField(default=dict)),
                ("verdict", models.JSONField(default=dict)),
                ("rule", models.CharField(blank=True, max_length=60)),
                ("basis", models.JSONField(default=dict)),
                ("progress", models.JSONField(default=dict)),
                ("outcome", models.JSONField(default=dict)),
                (
                    "secrets",
                    helpdesk.foundation.crypto.EncryptedJSONField(blank=True, default=dict),
                ),
                ("actor", models.CharField(max_length=12)),
                ("approval_reason", models.CharField(blank=True, max_length=500)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("origin_conversation_id", models.UUIDField(blank=True, null=True)),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
                ),
                ("step", models.CharField(blank=True, max_length=40)),
                ("step_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("reported_state", models.CharField(blank=True, max_length=20)),
                (
                    "approved_by",
                    identity.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "confirmed_by",
                    identity.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "requested_by",
                    identity.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
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
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="moneyaction_due",
                    ),
                    models.Index(
                        fields=["workspace", "store", "order_id", "-id"], name="moneyaction_order"
                    ),
                    models.Index(
                        condition=models.Q(("origin_conversation_id__isnull", False)),
                        fields=["workspace", "origin_conversation_id", "-id"],
                        name="moneyaction_conversation",
                    ),
                    models.Index(
                        condition=models.Q(("value__isnull", False)),
                        fields=["workspace", "requested_by", "confirmed_at"],
                        name="moneyaction_requester",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "key"), name="moneyaction_key")
                ],
            },
        ),
        EnforceWall(models=["PolicyVersion", "MoneyAction"]),
        SystemFunction(
            signature="due_money_actions(integer)",
            definition=DUE_MONEY_ACTIONS,
            reads=["identity_moneyaction"],
        ),
    ]
