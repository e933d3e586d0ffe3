"""What a shop allows, and every action that moves money or goods."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0003_stores")]

    operations: ClassVar = []
