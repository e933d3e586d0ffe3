"""The shops a workspace is connected to, and what is kept of them."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0002_wall")]

    operations: ClassVar = []
