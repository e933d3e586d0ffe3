from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.on_demand import servers_running
from identity.models import User
from identity.services.signin_links import make_signin_link


class Command(BaseCommand):
    """Print a link that signs a person in once: for a lost password while mail is not set up."""

    help = "Print a link that signs this person in once, within two hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        with servers_running():
            user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
            if user is None:
                raise CommandError(f"Nobody signs in with {options['email']}.")
            self.stdout.write(settings.BASE_URL + make_signin_link(user))
