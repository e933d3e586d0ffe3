"""The parts every server-rendered page is made of: fields, icons, the rail."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from identity.models import Membership, Workspace
from identity.permissions import RULES, Permission, may
from identity.services.invitations import mail_is_set_up
from identity.services.workspaces import workspaces_of

register = template.Library()

#: Marks in a user agent, the telling ones first: Edge and Opera also say Chrome, Chrome also Safari.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "A program"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class RailLink:
    """One line of the rail. ``part`` is what the page's ``section`` is compared with."""

    part: str
    label: str
    icon: str
    url: str
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class RailGroup:
    title: str
    links: list[RailLink]


GROUPS = (
    RailGroup(
        "Channels",
        [
            RailLink(
                "channels",
                "All channels",
                "inbox",
                "/settings/channels/",
                Permission.MANAGE_CHANNELS,
            ),
            RailLink(
                "shops",
                "Shops",
                "store",
                "/settings/shops/",
                Permission.MANAGE_CHANNELS,
            ),
            RailLink(
                "events",
                "Incoming events",
                "archive",
                "/settings/inbound-events/",
                Permission.MANAGE_EVENTS,
            ),
        ],
    ),
    RailGroup(
        "Work",
        [
            RailLink(
                "saved-replies",
                "Saved replies",
                "message-square-plus",
                "/settings/saved-replies/",
                Permission.READ_CONVERSATIONS,
            ),
            RailLink(
                "policies",
                "Shop policy",
                "shield-check",
                "/settings/policies/",
                Permission.MANAGE_POLICIES,
            ),
            RailLink("teams", "Teams", "layers", "/settings/teams/", Permission.READ_CONVERSATIONS),
        ],
    ),
    RailGroup(
        "Workspace",
        [
            RailLink(
                "workspace",
                "Name and hours",
                "store",
                "/settings/workspace/",
                Permission.MANAGE_WORKSPACE,
            ),
            RailLink(
                "members",
                "People and roles",
                "users",
                "/settings/members/",
                Permission.MANAGE_MEMBERS,
            ),
            RailLink(
                "tokens",
                "API keys",
                "key-round",
                "/settings/api-keys/",
                Permission.MANAGE_TOKENS,
            ),
            RailLink(
                "privacy",
                "Privacy and proof",
                "lock",
                "/settings/privacy/",
                Permission.MANAGE_PRIVACY,
            ),
        ],
    ),
    RailGroup(
        "You",
        [
            RailLink("profile", "Profile", "user", "/settings/profile/"),
            RailLink("security", "Password and sign-in", "shield-check", "/accounts/2fa/"),
            RailLink("sessions", "Where you are signed in", "smartphone", "/accounts/sessions/"),
        ],
    ),
)


@register.inclusion_tag("_rail.html", takes_context=True)
def rail(context: dict[str, Any], section: str = "") -> dict[str, Any]:
    """Draw the settings rail with what this person may open; ``section`` is where they are."""
    return _rail_facts(context["request"], section)


@register.inclusion_tag("_phone_menu.html", takes_context=True)
def phone_menu(context: dict[str, Any], section: str = "") -> dict[str, Any]:
    """Draw the same links as a menu for narrow screens."""
    return _rail_facts(context["request"], section)


def _rail_facts(request: Any, section: str) -> dict[str, Any]:
    membership: Membership | None = getattr(request, "membership", None)
    section = section or _section_of(request.path)
    places: list[Workspace] = (
        workspaces_of(request.user.pk) if request.user.is_authenticated else []
    )
    groups = []
    for group in GROUPS:
        links = [
            link
            for link in group.links
            if link.permission is None or may(membership, link.permission)
        ]
        if links:
            groups.append(RailGroup(group.title, links))
    return {
        "request": request,
        "membership": membership,
        "groups": groups,
        "section": section,
        "others": [place for place in places if membership and place.pk != membership.workspace_id],
    }


def _section_of(path: str) -> str:
    """Return where a page of allauth belongs; it does not say so itself."""
    if path.startswith("/accounts/sessions/"):
        return "sessions"
    return "security" if path.startswith("/accounts/") else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of the sprite; it says nothing to a screen reader."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("dist/icons.svg"),
        name,
    )


@register.inclusion_tag("_field.html")
def field(bound: forms.BoundField, help_text: str | None = None, label: str = "") -> dict[str, Any]:
    """Draw one form field with label, help and what to enter instead."""
    dress(bound.field.widget)
    if label:
        # allauth repeats its own label as placeholder; beside ours it would say it twice.
        bound.field.widget.attrs.pop("placeholder", None)
    if help_text is not None:
        bound.help_text = help_text
    return {
        "field": bound,
        "label": label or bound.label,
        "is_check": isinstance(bound.field.widget, forms.CheckboxInput),
        "is_group": isinstance(
            bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)
        ),
    }


@register.filter
def dressed(bound: forms.BoundField) -> forms.BoundField:
    """Return the field with our look, for a place that draws it by itself."""
    dress(bound.field.widget)
    return bound


@register.filter
def allows(membership: Membership | None, permission: str) -> bool:
    """Say in a template whether the person may do something: ``membership|allows:"teams.manage"``."""
    return may(membership, Permission(permission))


@register.filter
def needs_role(permission: str) -> str:
    """Name the least role that holds a permission."""
    return RULES[Permission(permission)][0].label.lower()


def dress(widget: forms.Widget) -> None:
    """Give text inputs and selects the house class; checks and radios have none."""
    plain = (
        forms.CheckboxInput,
        forms.RadioSelect,
        forms.CheckboxSelectMultiple,
        forms.HiddenInput,
    )
    if isinstance(widget, plain):
        return
    classes = widget.attrs.get("class", "").split()
    if "input" not in classes:
        widget.attrs["class"] = " ".join([*classes, "input"])


@register.simple_tag
def team_mail() -> bool:
    """Say whether mail to our own people leaves."""
    return mail_is_set_up()


@register.filter
def browser_name(user_agent: str) -> str:
    """Name a browser and its system well enough for its owner: ``Firefox on Windows``."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
