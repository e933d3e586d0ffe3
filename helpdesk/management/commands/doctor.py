import sys
from typing import Any

from django.core.management.base import BaseCommand

from helpdesk.doctor import examine

SIGNS = {"ok": "ok     ", "note": "note   ", "trouble": "TROUBLE"}


class Command(BaseCommand):
    """Say how this installation does. Ends with 1 when something needs a hand."""

    help = "Look at database, Valkey, worker, files, mail, waiting rows and every channel."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        trouble = 0
        for finding in examine():
            trouble += finding.level == "trouble"
            self.stdout.write(f"{SIGNS[finding.level]}  {finding.what}: {finding.sentence}")
            if finding.what == "database" and finding.level == "trouble":
                break
        if trouble:
            sys.exit(1)
