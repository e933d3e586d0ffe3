"""Merges that can be undone, proofs of identity, privacy requests."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import helpdesk.foundation.ids
import identity.models.workspace
import identity.tenancy
from identity.wall import EnforceWall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0004_commerce")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="workspace",
            name="accepted_evidence",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("code", "A one-time code was entered"),
                        ("shop", "Signed in at the shop"),
                        ("mail", "Mail from the address, DMARC passed"),
                        ("carrier", "The carrier or app vouches for the number"),
                        ("colleague", "A colleague checked it"),
                        ("order", "They named the order and its e-mail address"),
                    ],
                    max_length=12,
                ),
                default=identity.models.workspace.strict_evidence,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="ContactMerge",
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
                ("because", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("changes", models.JSONField(default=dict)),
                (
                    "made_by",
                    identity.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "other",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.contact",
                    ),
                ),
                (
                    "survivor",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.contact",
                    ),
                ),
                (
                    "undone_by",
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
        ),
        migrations.CreateModel(
            name="ContactProof",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("instagram", "Instagram"),
                            ("messenger", "Messenger"),
                            ("whatsapp", "WhatsApp"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value", models.CharField(max_length=320)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("code", "A one-time code was entered"),
                            ("shop", "Signed in at the shop"),
                            ("mail", "Mail from the address, DMARC passed"),
                            ("carrier", "The carrier or app vouches for the number"),
                            ("colleague", "A colleague checked it"),
                            ("order", "They named the order and its e-mail address"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "through_kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("instagram", "Instagram"),
                            ("messenger", "Messenger"),
                            ("whatsapp", "WhatsApp"),
                        ],
                        max_length=12,
                    ),
                ),
                ("through_value", models.CharField(max_length=320)),
                ("proven_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="identity.contact",
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
            name="MergedRows",
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
                ("place", models.CharField(max_length=120)),
                ("came_from", models.UUIDField()),
                ("went_to", models.UUIDField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                (
                    "merge",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="identity.contactmerge",
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
            name="MergeSuggestion",
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
                ("because", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decided_by",
                    identity.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.membership",
                    ),
                ),
                (
                    "first",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.contact",
                    ),
                ),
                (
                    "second",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.contact",
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
            name="OneTimeCode",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("instagram", "Instagram"),
                            ("messenger", "Messenger"),
                            ("whatsapp", "WhatsApp"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value", models.CharField(max_length=320)),
                (
                    "through_kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("instagram", "Instagram"),
                            ("messenger", "Messenger"),
                            ("whatsapp", "WhatsApp"),
                        ],
                        max_length=12,
                    ),
                ),
                ("through_value", models.CharField(max_length=320)),
                ("code_hash", models.CharField(max_length=64)),
                ("conversation_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.contact",
                    ),
                ),
                (
                    "requested_by",
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
            ],
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("export", "Copy of a person's data"),
                            ("erase", "Erasure of a person"),
                            ("erase_store", "Erasure of a shop"),
                        ],
                        max_length=12,
                    ),
                ),
                ("store_domain", models.CharField(blank=True, max_length=255)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("found", models.BooleanField(default=False)),
                ("file_key", models.CharField(blank=True, max_length=300)),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("downloaded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "requested_by",
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
            ],
            options={
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="PrivacyResult",
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
                ("app", models.CharField(max_length=40)),
                ("counts", models.JSONField(default=dict)),
                ("finished_at", models.DateTimeField()),
                (
                    "request",
                    identity.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="identity.privacyrequest",
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
        migrations.AddIndex(
            model_name="contactmerge",
            index=models.Index(fields=["workspace", "survivor", "-made_at"], name="merge_survivor"),
        ),
        migrations.AddIndex(
            model_name="contactmerge",
            index=models.Index(fields=["workspace", "-made_at"], name="merge_newest"),
        ),
        migrations.AddConstraint(
            model_name="contactmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("workspace", "other"),
                name="merge_once_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="contactproof",
            index=models.Index(
                fields=["workspace", "contact", "through_kind", "through_value"],
                name="proof_through",
            ),
        ),
        migrations.AddIndex(
            model_name="mergedrows",
            index=models.Index(fields=["workspace", "merge"], name="merged_rows_merge"),
        ),
        migrations.AddIndex(
            model_name="mergesuggestion",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["workspace", "-id"],
                name="suggestion_open",
            ),
        ),
        migrations.AddIndex(
            model_name="mergesuggestion",
            index=models.Index(fields=["workspace", "second"], name="suggestion_second"),
        ),
        migrations.AddConstraint(
            model_name="mergesuggestion",
            constraint=models.UniqueConstraint(
                fields=("workspace", "first", "second"), name="suggestion_once"
            ),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["workspace", "through_kind", "through_value"],
                name="code_open",
            ),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(
                fields=["workspace", "kind", "value", "-created_at"], name="code_sent_to"
            ),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(fields=["workspace", "-created_at"], name="code_newest"),
        ),
        migrations.AddIndex(
            model_name="privacyrequest",
            index=models.Index(fields=["workspace", "-created_at"], name="privacy_newest"),
        ),
        migrations.AddIndex(
            model_name="privacyrequest",
            index=models.Index(
                condition=models.Q(("file_key", ""), _negated=True),
                fields=["workspace", "id"],
                name="privacy_files",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyresult",
            constraint=models.UniqueConstraint(
                fields=("workspace", "request", "app"), name="result_once"
            ),
        ),
        EnforceWall(
            models=[
                "ContactMerge",
                "MergedRows",
                "MergeSuggestion",
                "ContactProof",
                "OneTimeCode",
                "PrivacyRequest",
                "PrivacyResult",
            ]
        ),
    ]
