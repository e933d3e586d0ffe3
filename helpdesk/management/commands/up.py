import os
import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Start everything on this machine (what bin/up does once .venv is there)."""

    help = "Start web, worker, beat and the embedded servers, and keep them running."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int)
        parser.add_argument("--host")
        parser.add_argument("--no-demo", action="store_true")
        parser.add_argument("--fresh", action="store_true")

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        """Become the supervisor: it is to be light, and this process has loaded Django."""
        arguments = [sys.executable, "-m", "helpdesk.up"]
        for name in ("port", "host"):
            if options[name] is not None:
                arguments += [f"--{name}", str(options[name])]
        arguments += ["--no-demo"] * options["no_demo"] + ["--fresh"] * options["fresh"]
        os.environ["HELPDESK_DATA_DIR"] = str(settings.DATA_DIR)
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, arguments)  # noqa: S606 - ourselves, without a shell
