import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from helpdesk.demo.building import PLACES, ensure_place
from helpdesk.demo.handles import handles, mailboxes
from helpdesk.demo.kept import kept_facts
from helpdesk.demo.sandbox import listens, register_mailboxes, sandbox_ports
from helpdesk.demo.shops import store_handle
from helpdesk.demo.stories import STORIES
from helpdesk.demo.telling import tell_stories
from helpdesk.on_demand import servers_running
from identity.models import Workspace

#: A shop is connected within seconds of the start; where the sandbox is away nobody waits.
WAIT_FOR_SHOP_SECONDS = 30.0


class Command(BaseCommand):
    """Ensure the demo workspaces and print how to reach them."""

    help = "Make the demo workspaces where they are missing and print their addresses and keys."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the handles as JSON")
        parser.add_argument("--workspace", choices=sorted(PLACES), default="demo")
        parser.add_argument(
            "--if-missing", action="store_true", help="say nothing; used at every start"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with servers_running():
            found = self.ensure()
            if options["json"]:
                found = self.with_shop(found, options["workspace"])
        chosen = found[options["workspace"]]
        if options["json"]:
            self.stdout.write(json.dumps(chosen, indent=2))
        elif not options["if_missing"]:
            self.stdout.write(f"{chosen['workspace']['slug']}: {chosen['base_url']}")
            for agent in chosen["agents"]:
                self.stdout.write(f"  {agent['role']}: {agent['email']}  {agent['password']}")
            self.stdout.write("  all addresses and keys: manage.py demo --json")

    def ensure(self) -> dict[str, dict[str, Any]]:
        """Build both workspaces and return their handles."""
        found = {}
        with kept_facts(settings.DATA_DIR) as kept:
            for slug, place in PLACES.items():
                workspace = ensure_place(place, kept, settings.DATA_DIR)
                tell_stories(workspace, STORIES[slug])
                found[slug] = handles(place, workspace, kept, settings.DATA_DIR)
        register_mailboxes(
            settings.DATA_DIR, [box for one in found.values() for box in mailboxes(one["channels"])]
        )
        return found

    def with_shop(self, found: dict[str, dict[str, Any]], slug: str) -> dict[str, dict[str, Any]]:
        """Wait for the shop where everything runs: a worker connects it soon after the start."""
        chosen = found[slug]
        until = time.monotonic() + WAIT_FOR_SHOP_SECONDS
        sandbox = sandbox_ports(settings.DATA_DIR)
        workspace = Workspace.objects.get(pk=chosen["workspace"]["id"])
        while "store" not in chosen and listens(sandbox.http) and time.monotonic() < until:
            time.sleep(0.5)
            store = store_handle(workspace, sandbox.url)
            if store is not None:
                chosen["store"] = store
        return found
