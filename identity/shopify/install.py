"""From a grant to a connected shop: whose it is, a workspace for whoever is new, and coming back."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from identity.commerce.facts import StoreFacts
from identity.models import Membership, Role, Store, StoreUser, User, Workspace
from identity.services.stores import Credentials, connect_store, route_of_shop
from identity.services.workspaces import create_workspace
from identity.shopify.calling import Connection, credentials_of
from identity.shopify.client import Answer, Client, Shop, shared_client
from identity.shopify.documents import document
from identity.shopify.reading import store_facts
from identity.shopify.tokens import Grant
from identity.shopify.values import node, rows, text
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

PLATFORM = "shopify"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A shop that let us in: what it is, who owns it, and what we may do."""

    facts: StoreFacts
    owner_email: str
    owner_name: str
    credentials: Credentials


def look_around(shop: str, grant: Grant, *, client: Client | None = None) -> Arrival:
    """Ask the shop who it is and what it really granted."""
    web = client or shared_client()
    place = Shop(domain=shop, token=grant.access_token)
    told = node(web.call(place, document("shop")).data.get("shop"))
    scopes = _scopes(web.call(place, document("current_app_installation")))
    known = credentials_of(grant)
    return Arrival(
        facts=store_facts(told),
        owner_email=text(told.get("email")).strip().lower(),
        owner_name=text(told.get("shopOwnerName")).strip(),
        credentials=Credentials(
            secrets=known.secrets,
            scopes=scopes or known.scopes,
            expires_at=known.expires_at,
            refresh_expires_at=known.refresh_expires_at,
        ),
    )


def granted_scopes(shop: Connection) -> tuple[str, ...]:
    """Ask a connected shop what the app may do there."""
    return _scopes(shop.call("current_app_installation", background=True))


def _scopes(answer: Answer) -> tuple[str, ...]:
    installed = node(answer.data.get("currentAppInstallation"))
    return tuple(text(one.get("handle")) for one in rows(installed.get("accessScopes")))


def connect_to(
    workspace_id: UUID, arrival: Arrival, *, user: str = "", by: Membership | None = None
) -> Store:
    """Connect the shop to a workspace whose member brought it. Raises StoreTakenError."""
    with tenant_scope(workspace_id):
        store = connect_store(
            platform=PLATFORM,
            facts=arrival.facts,
            credentials=arrival.credentials,
            now=timezone.now(),
        )
        if user and by is not None:
            remember_user(store, user, by)
    logger.info("shopify.connected", store_id=str(store.pk), workspace_id=str(workspace_id))
    return store


def come_back(arrival: Arrival) -> Store | None:
    """Connect a shop again that somebody here had before; None for a shop nobody knows."""
    route = route_of_shop(platform=PLATFORM, domain=arrival.facts.domain, gid=arrival.facts.id)
    if route is None or route.gid != arrival.facts.id:
        return None
    return connect_to(route.workspace_id, arrival)


def owner_is_known(arrival: Arrival) -> bool:
    """Say whether somebody with the shop owner's address signs in here already.

    Then a new workspace may not be what they want, and a page inside the shop's admin may not sign
    anybody in as them.
    """
    return (
        bool(arrival.owner_email)
        and User.objects.filter(email__iexact=arrival.owner_email).exists()
    )


def open_shop(arrival: Arrival, *, user: str) -> Store:
    """Make a workspace for a new merchant, with the shop's owner as its owner.

    Only for an address nobody here has: the person in front of the page is mapped to it.
    """
    if not arrival.owner_email or owner_is_known(arrival):
        raise ValueError("A new workspace needs an owner nobody here knows.")
    with transaction.atomic():
        owner = User.objects.create_user(
            arrival.owner_email, None, name=arrival.owner_name[:120] or arrival.facts.name[:120]
        )
        workspace = create_workspace(
            name=arrival.facts.name[:120] or arrival.facts.domain,
            slug=_free_slug(arrival.facts.domain),
            owner=owner,
            timezone=arrival.facts.timezone,
        )
        with tenant_scope(workspace.pk):
            member = Membership.objects.get(user=owner, role=Role.OWNER)
        return connect_to(workspace.pk, arrival, user=user, by=member)


def remember_user(store: Store, user: str, membership: Membership) -> None:
    """Map a person of the shop's admin to a member."""
    StoreUser.objects.update_or_create(
        store=store, remote_id=user[:60], defaults={"membership": membership}
    )


def member_of(store: Store, user: str) -> Membership | None:
    """Return the member a person of the shop's admin is, if they were mapped and still work here."""
    found = (
        StoreUser.objects.filter(store=store, remote_id=user)
        .select_related("membership__user")
        .first()
    )
    return found.membership if found and found.membership.is_active else None


def _free_slug(domain: str) -> str:
    name = slugify(domain.partition(".")[0])[:50] or "shop"
    taken = set(Workspace.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    if name not in taken:
        return name
    return next(f"{name}-{count}" for count in range(2, 10_000) if f"{name}-{count}" not in taken)
