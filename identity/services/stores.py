"""Shops of a workspace: connecting, losing, finding them. No vendor word, and no call to a shop."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from helpdesk.foundation.errors import ConflictError
from helpdesk.foundation.events import publish
from helpdesk.foundation.ledger import WorkState
from identity.commerce.facts import StoreFacts
from identity.events import StoreConnected, StoreDisconnected
from identity.models import (
    BackfillPhase,
    Store,
    StoreBackfill,
    StoreStatus,
    SyncMark,
    SyncSubject,
)
from identity.tenancy import require_workspace_id, tenant_scope

logger = structlog.get_logger(__name__)


class StoreTakenError(ConflictError):
    """The shop is connected to another workspace."""

    code = "store_taken"


@dataclass(frozen=True, slots=True)
class StoreRoute:
    """Where a shop's rows are."""

    workspace_id: UUID
    store_id: UUID
    status: str
    gid: str
    domain: str

    @property
    def held(self) -> bool:
        """Say whether the workspace has it now, connected or in trouble."""
        return self.status in {
            StoreStatus.INSTALLED,
            StoreStatus.NEEDS_LOGIN,
            StoreStatus.FROZEN,
        }


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a connection rests on; ``secrets`` are stored sealed."""

    secrets: dict[str, str]
    scopes: tuple[str, ...]
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Credentials(scopes={len(self.scopes)})"


def route_of_shop(*, platform: str, domain: str = "", gid: str = "") -> StoreRoute | None:
    """Return whose shop it is, across workspaces: the one who holds it, else who held it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT workspace_id, store_id, status, gid, domain FROM route_store(%s, %s, %s)",
            [platform, domain or None, gid or None],
        )
        row = cursor.fetchone()
    return StoreRoute(*row) if row else None


def held_stores() -> list[tuple[UUID, UUID, str, datetime | None, datetime | None]]:
    """Return (workspace, store, status, token's end, refresh token's end) of every held shop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT workspace_id, store_id, status, token_expires_at, refresh_expires_at "
            "FROM held_stores()"
        )
        return list(cursor.fetchall())


def connect_store(
    *, platform: str, facts: StoreFacts, credentials: Credentials, now: datetime
) -> Store:
    """Connect a shop to the open workspace, or connect it again. Reads everything anew.

    Raises StoreTakenError while another workspace holds it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two people may press the button together, in two workspaces too.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"store:{platform}:{facts.id}"]
            )
        route = route_of_shop(platform=platform, gid=facts.id)
        if route is not None and route.held and route.workspace_id != require_workspace_id():
            raise StoreTakenError(
                f"{facts.name} is connected to another workspace. Disconnect it there first, or "
                "remove the app in the shop's admin."
            )
        store = Store.objects.filter(platform=platform, gid=facts.id).first() or Store(
            platform=platform, gid=facts.id, domain=facts.domain
        )
        store.status = StoreStatus.INSTALLED
        store.trouble = ""
        store.installed_at = now
        store.uninstalled_at = None
        _take_credentials(store, credentials)
        take_store_facts(store, facts)
        store.save()
        for subject in SyncSubject:
            SyncMark.objects.get_or_create(store=store, subject=subject)
        start_backfills(store=store)
        publish(StoreConnected(workspace_id=store.workspace_id, store_id=store.pk))
    return store


def take_store_facts(store: Store, facts: StoreFacts) -> None:
    """Put what the shop says of itself on the row, without saving. A new domain keeps the old one."""
    if store.domain and facts.domain and facts.domain != store.domain:
        store.former_domains = [*store.former_domains, store.domain][-10:]
    store.domain = facts.domain or store.domain
    store.name = facts.name[:200]
    store.email = facts.email[:254]
    store.currency = facts.currency[:3]
    store.timezone = facts.timezone[:60]
    store.order_prefix = facts.order_prefix[:40]
    store.order_suffix = facts.order_suffix[:40]


def keep_credentials(*, store: Store, credentials: Credentials) -> None:
    """Store a new pair of tokens. Runs under the row's lock."""
    _take_credentials(store, credentials)
    store.status = StoreStatus.INSTALLED
    store.trouble = ""
    store.save(
        update_fields=[
            "secrets",
            "scopes",
            "token_expires_at",
            "refresh_expires_at",
            "status",
            "trouble",
            "updated_at",
        ]
    )


def _take_credentials(store: Store, credentials: Credentials) -> None:
    store.secrets = dict(credentials.secrets)
    if credentials.scopes:
        store.scopes = list(credentials.scopes)
    store.token_expires_at = credentials.expires_at
    store.refresh_expires_at = credentials.refresh_expires_at


def start_backfills(
    *, store: Store, subjects: Iterable[SyncSubject] = (), now: datetime | None = None
) -> None:
    """Plan to read everything once; what is on its way already goes on."""
    wanted = list(subjects) or [SyncSubject.ORDERS, SyncSubject.CUSTOMERS, SyncSubject.PRODUCTS]
    running = set(
        StoreBackfill.objects.filter(
            store=store, work_state__in=[WorkState.NEW, WorkState.CLAIMED]
        ).values_list("subject", flat=True)
    )
    for subject in wanted:
        if subject not in running:
            StoreBackfill.objects.create(
                store=store,
                subject=subject,
                order_key=f"backfill:{store.pk}:{subject}",
                due_at=now or timezone.now(),
            )


def disconnect_store(*, store: Store, at: datetime, trouble: str = "") -> bool:
    """Mark the shop as no longer ours. False when it was connected again after ``at``.

    What was read stays until the platform asks for its deletion; tokens go at once.
    """
    locked: Store = Store.objects.select_for_update().get(pk=store.pk)
    if locked.installed_at > at:
        logger.info("store.late_uninstall", store_id=str(store.pk))
        return False
    if locked.status == StoreStatus.UNINSTALLED:
        return True
    locked.status = StoreStatus.UNINSTALLED
    locked.uninstalled_at = at
    locked.trouble = trouble
    locked.secrets = {}
    locked.token_expires_at = locked.refresh_expires_at = None
    locked.save()
    StoreBackfill.objects.filter(store=store, work_state=WorkState.NEW).update(
        work_state=WorkState.IGNORED,
        phase=BackfillPhase.FAILED,
        reason="The shop was disconnected.",
        finished_at=at,
    )
    publish(StoreDisconnected(workspace_id=locked.workspace_id, store_id=locked.pk))
    return True


def mark_trouble(*, store: Store, status: StoreStatus, trouble: str) -> None:
    """Say on the row why the shop can't be called; only a held shop can get into trouble."""
    Store.objects.filter(
        pk=store.pk, status__in=[StoreStatus.INSTALLED, StoreStatus.NEEDS_LOGIN, StoreStatus.FROZEN]
    ).update(status=status, trouble=trouble, updated_at=timezone.now())
    logger.warning("store.trouble", store_id=str(store.pk), status=str(status))


def for_each_held(work: Callable[[Store], None]) -> None:
    """Run ``work`` for every held shop, each in its own scope; one failure does not stop the rest."""
    for workspace_id, store_id, *_ in held_stores():
        try:
            with tenant_scope(workspace_id):
                store = Store.objects.filter(pk=store_id).first()
            if store is not None:
                work(store)
        except Exception:
            logger.exception("store.work_failed", store_id=str(store_id))
