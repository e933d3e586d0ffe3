"""The demo workspaces with their people, keys and channels. Safe to repeat: what is there stays."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from channels_app.chat.adapter import CAPABILITIES as CHAT_CAN
from channels_app.chat.services.appearance import DEFAULT_TOPICS
from channels_app.email.adapter import CAPABILITIES as MAIL_CAN
from channels_app.models import ChannelAccount
from channels_app.services import create_channel, update_account
from helpdesk.demo.kept import Kept
from helpdesk.demo.sandbox import sandbox_ports
from identity.models import Membership, Role, Team, User, Workspace
from identity.services.api_tokens import SCOPES, create_api_token, holder_of
from identity.services.invitations import own_address
from identity.services.members import join
from identity.services.teams import save_team
from identity.services.workspaces import create_workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel, SavedReply
from inbox.services.saved_replies import save_reply

#: What the sandbox's receiving server calls itself; only its findings are trusted.
AUTHSERV_ID = "mx.sandbox.example"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: Role
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace to be: the first person is its owner."""

    slug: str
    name: str
    timezone: str
    people: tuple[Person, ...]
    mailbox: str
    teams: tuple[tuple[str, tuple[str, ...]], ...] = ()
    saved_replies: tuple[tuple[str, str, str], ...] = ()
    greeting: str = "Hello! How can we help?"


DEMO = Place(
    slug="demo",
    name="Fjellmark",
    timezone="Europe/Oslo",
    people=(
        Person("Ida Krogh", "ida@fjellmark.example", Role.OWNER, "Ida Krogh\nFjellmark, Bergen"),
        Person("Gus Lind", "gus@fjellmark.example", Role.AGENT, "Gus Lind\nFjellmark, Bergen"),
    ),
    mailbox="support@fjellmark.example",
    teams=(
        ("Returns and warranty", ("ida@fjellmark.example", "gus@fjellmark.example")),
        ("Warehouse", ("gus@fjellmark.example",)),
    ),
    saved_replies=(
        (
            "Where is my parcel",
            "parcel",
            "Hi {{contact.first_name}},\n\nyour parcel left Bergen and is with DHL. You can follow it "
            "with the tracking link in your shipping mail; it moves once a day, in the evening.\n\n"
            "{{agent.name}}",
        ),
        (
            "Return within 60 days",
            "return",
            "Hi {{contact.first_name}},\n\nyou can send it back within 60 days, unused and with its "
            "tags. I have put a label into this mail; drop the parcel at any post office, and the "
            "money is back within five days of its arrival.\n\n{{agent.name}}",
        ),
        (
            "Which size",
            "size",
            "Hi {{contact.first_name}},\n\nour jackets are cut for a fleece underneath. Between two "
            "sizes, take the smaller one for walking and the larger one for standing still.\n\n"
            "{{agent.name}}",
        ),
        ("Thank you", "thanks", "Thank you, {{contact.first_name}}, and have a good trip!"),
    ),
    greeting="Hei! Ask us about sizes, parcels, or the weather in Bergen.",
)

OTHER = Place(
    slug="other",
    name="Seaside Supply",
    timezone="Europe/Lisbon",
    people=(Person("Eve Duarte", "eve@seaside.example", Role.OWNER, "Eve, Seaside Supply"),),
    mailbox="hello@seaside.example",
    saved_replies=(("Thank you", "thanks", "Thank you, {{contact.first_name}}!"),),
)

PLACES = {place.slug: place for place in (DEMO, OTHER)}


def ensure_place(place: Place, kept: Kept, data_dir: Path) -> Workspace:
    """Make what is missing of a workspace and bring its addresses up to date."""
    with transaction.atomic():
        people = [_ensure_user(person, kept) for person in place.people]
        workspace = Workspace.objects.filter(slug=place.slug).first() or create_workspace(
            name=place.name, slug=place.slug, owner=people[0], timezone=place.timezone
        )
        with tenant_scope(workspace.pk):
            for person, user in zip(place.people, people, strict=True):
                _ensure_member(person, user)
            _ensure_teams(place)
            _ensure_saved_replies(place)
            _ensure_channels(place, kept)
            refresh_addresses(place, data_dir)
    _ensure_token(place, workspace, kept)
    return workspace


def refresh_addresses(place: Place, data_dir: Path) -> None:
    """Point the channels to where shop page and sandbox answer now. Runs inside the scope."""
    origins = [settings.BASE_URL, settings.BASE_URL.replace("//localhost", "//127.0.0.1")]
    for channel in Channel.objects.filter(kind="chat"):
        update_account(channel=channel, settings={"allowed_origins": list(dict.fromkeys(origins))})
    mail = {"smtp_host": "127.0.0.1", "smtp_port": sandbox_ports(data_dir).smtp}
    for channel in Channel.objects.filter(kind="email", address=place.mailbox):
        update_account(channel=channel, settings=mail)


def password_of(person: Person, kept: Kept) -> str:
    """Return the person's password, the same from call to call."""
    return kept.secret(f"password:{person.email}")


def _ensure_user(person: Person, kept: Kept) -> User:
    password = password_of(person, kept)
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, password, name=person.name)
    elif not user.check_password(password):
        # What is printed has to work; a demo's password is nobody's secret.
        user.set_password(password)
        user.save(update_fields=["password"])
    own_address(user)
    return user


def _ensure_member(person: Person, user: User) -> None:
    if not Membership.objects.filter(user=user).exists():
        join(user=user, role=person.role)
    Membership.objects.filter(user=user, signature="").update(signature=person.signature)


def _ensure_teams(place: Place) -> None:
    for name, emails in place.teams:
        if not Team.objects.filter(name=name).exists():
            members = Membership.objects.filter(user__email__in=emails)
            save_team(team=None, name=name, members=members)


def _ensure_saved_replies(place: Place) -> None:
    for name, shortcut, body in place.saved_replies:
        if not SavedReply.objects.filter(name=name).exists():
            save_reply(reply=None, name=name, shortcut=shortcut, body=body)


def _ensure_channels(place: Place, kept: Kept) -> None:
    if not Channel.objects.filter(kind="chat").exists():
        create_channel(
            kind="chat",
            name=f"{place.name} chat",
            capabilities=CHAT_CAN,
            settings={
                "title": place.name,
                "greeting": place.greeting,
                "color": "#1d5b47",
                "position": "right",
                "topics": [dict(topic) for topic in DEFAULT_TOPICS],
                "use_hours": True,
                "answers_in": "We usually answer within 2 minutes.",
                "privacy_url": f"https://{place.mailbox.partition('@')[2]}/privacy",
            },
            secrets={"widget_secret": kept.secret(f"widget:{place.slug}")},
        )
    if not Channel.objects.filter(kind="email", address=place.mailbox).exists():
        create_channel(
            kind="email",
            name=place.name,  # customers read it: Ida (Fjellmark)
            address=place.mailbox,
            capabilities=MAIL_CAN,
            hook_key=kept.secret(f"hook-key:{place.slug}"),
            settings={
                "from_name": place.name,
                "authserv_id": AUTHSERV_ID,
                "own_addresses": [place.mailbox],
                "own_domains": [place.mailbox.partition("@")[2]],
                "esp": "raw",
                "transport": "smtp",
                "smtp_security": "none",
            },
            secrets={"hook_secret": kept.secret(f"hook-secret:{place.slug}")},
        )


def _ensure_token(place: Place, workspace: Workspace, kept: Kept) -> None:
    name = f"api-token:{place.slug}"
    holder = holder_of(kept.get(name)) if kept.get(name) else None
    if holder is not None and holder.workspace_id == workspace.pk:
        return
    with tenant_scope(workspace.pk):
        owner = Membership.objects.get(user__email=place.people[0].email)
        _, key = create_api_token(membership=owner, name="Demo", scopes=list(SCOPES))
    kept.set(name, key)


def account_of_channel(channel: Channel) -> ChannelAccount:
    """Return a channel's account, inside the scope."""
    found: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    return found
