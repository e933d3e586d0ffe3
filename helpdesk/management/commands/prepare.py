import os
from typing import Any

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.health import missing_migrations
from helpdesk.running import leave_welcome
from identity.models import Membership, Workspace
from identity.services.signin_links import make_signin_link
from identity.tenancy import tenant_scope


class Command(BaseCommand):
    """Bring roles, schema and demo up to date before anything is served."""

    help = "Create roles and tables where they are missing, and the demo on a first start."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--welcome", action="store_true", help="leave a sign-in link for the supervisor"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = os.environ.get("DATABASE_ADMIN_URL")
        if admin_url or not os.environ.get("DATABASE_URL"):
            call_command("bootstrap_database", admin_url=admin_url)
        if missing_migrations("owner"):
            call_command("migrate", verbosity=0, interactive=False)
        problems = run_checks(databases=["default"], tags=[Tags.database])
        if problems:
            raise CommandError("\n".join(str(problem) for problem in problems))
        # Before the demo, whose check takes a second: on a second start people need not wait for it.
        greeted = options["welcome"] and Workspace.objects.exists()
        if greeted:
            leave_welcome(settings.DATA_DIR, welcome())
        if settings.DEMO:
            call_command("demo", "--if-missing")
        if options["welcome"] and not greeted:
            leave_welcome(settings.DATA_DIR, welcome())


def welcome() -> list[str]:
    """Return the lines that greet the person at the terminal."""
    for workspace in Workspace.objects.order_by("created_at"):
        with tenant_scope(workspace.pk):
            owner = Membership.objects.filter(role="owner", is_active=True).first()
            if owner is not None:
                link = f"{settings.BASE_URL}{make_signin_link(owner.user)}"
                return [f"sign in as {owner.user.email}, once, with this link: {link}"]
    return [f"nobody is set up yet: open {settings.BASE_URL} and become the owner"]
