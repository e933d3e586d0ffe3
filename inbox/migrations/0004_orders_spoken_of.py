"""The orders that customers name are kept with the conversation."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("inbox", "0003_idempotencyrecord")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="conversation",
            name="orders_spoken_of",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
