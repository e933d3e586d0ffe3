"""Answers to repeated requests, kept for a day behind the tenant wall."""

import django.db.models.deletion
from django.db import migrations, models

import helpdesk.foundation.ids
from identity.wall import EnforceWall


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_wall"), ("inbox", "0002_wall")]

    operations = [
        migrations.CreateModel(
            name="IdempotencyRecord",
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
                ("digest", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(fields=["workspace", "created_at"], name="idempotency_age")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "digest"), name="idempotency_once")
                ],
            },
        ),
        EnforceWall(models=["IdempotencyRecord"]),
    ]
