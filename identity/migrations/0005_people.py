"""Merges that can be undone, proofs of identity, privacy requests."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0004_commerce")]

    operations: ClassVar = []
