import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.embedded import SUPERUSER
from helpdesk.roles import Login, bootstrap_database


class Command(BaseCommand):
    """Make roles, database, extension and privileges on the server that the settings name."""

    help = "Create the database and its roles. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin-url", help="a superuser's postgres:// address")

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = options["admin_url"]
        if admin_url is None:
            if "DATABASE_URL" in os.environ:
                raise CommandError("Name a superuser's address with --admin-url.")
            admin_url = settings.EMBEDDED.database_url(SUPERUSER, "postgres")
        if "owner" not in settings.DATABASES:
            raise CommandError("Set DATABASE_OWNER_URL to the role that shall own the tables.")
        app, owner = settings.DATABASES["default"], settings.DATABASES["owner"]
        bootstrap_database(
            admin_url=admin_url,
            owner=Login(role=owner["USER"], password=owner["PASSWORD"]),
            app=Login(role=app["USER"], password=app["PASSWORD"]),
            database=owner["NAME"],
        )
