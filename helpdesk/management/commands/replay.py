from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from channels_app.models import InboundEvent
from channels_app.replaying import RESTING, events, replay_events, replay_matching, wake_readers
from helpdesk.on_demand import servers_running
from identity.models import Workspace
from identity.tenancy import tenant_scope


class Command(BaseCommand):
    """Read raw events once more, in every workspace, one after the other."""

    help = "Put resting inbound events back to the start. What they made is not made twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--id", dest="ids", type=UUID, action="append", default=[])
        parser.add_argument("--state", choices=[state.value for state in RESTING])
        parser.add_argument("--channel", type=UUID, help="a channel's id")
        parser.add_argument("--source", default="", help="such as email/mailgun")
        parser.add_argument("--since", help="only events from then on, such as 2026-11-21")
        parser.add_argument("--workspace", help="only this workspace's, by its slug")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["ids"] or options["state"] or options["channel"] or options["since"]):
            raise CommandError("Say what to replay: --id, --state, --channel or --since.")
        since = _moment(options["since"]) if options["since"] else None
        with servers_running():
            self.replay(since, options)

    def replay(self, since: datetime | None, options: dict[str, Any]) -> None:
        """Go through the workspaces and say what was done in each."""
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                raise CommandError(f"There is no workspace {options['workspace']}.")
        total = 0
        for workspace in workspaces:
            with tenant_scope(workspace.pk):
                moved = self._replay_here(since, options)
            total += moved
            if moved:
                self.stdout.write(f"{workspace.slug}: {moved} read again")
        wake_readers()
        self.stdout.write(f"{total} events of {workspaces.count()} workspaces are read again.")

    def _replay_here(self, since: datetime | None, options: dict[str, Any]) -> int:
        if options["ids"]:
            here = InboundEvent.objects.filter(pk__in=options["ids"])
            return replay_events(list(here.values_list("pk", flat=True)))
        return replay_matching(
            events(
                state=options["state"] or "",
                source=options["source"],
                channel=options["channel"],
                since=since,
            )
        )


def _moment(text: str) -> datetime:
    day = parse_date(text)
    found = parse_datetime(text) or (datetime.combine(day, datetime.min.time()) if day else None)
    if found is None:
        raise CommandError(f"{text} is no time. Write it like 2026-11-21 or 2026-11-21T14:30.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
