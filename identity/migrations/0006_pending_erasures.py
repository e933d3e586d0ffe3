"""A big shop's customers are erased in goes: who is left stands in the request."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0005_people")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="privacyrequest",
            name="pending",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, default=list, size=None
            ),
        ),
    ]
