"""What a merchant says about their chat, with what it is when they say nothing.

``ChannelAccount.settings`` of a chat channel holds any of: ``title, greeting, color, position
("right"|"left"), allowed_origins [origin], answers_in, topics [{slug, label, order}], consent_text,
privacy_url, ai_disclosure, use_hours, email_after_minutes``; ``secrets`` holds ``widget_secret``.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone

from channels_app.chat.parse import MAX_TEXT
from channels_app.chat.services.files import FILE_TYPES, MAX_FILE_BYTES
from channels_app.chat.services.frames import rfc3339
from channels_app.services import create_channel
from helpdesk.foundation.signing import new_secret
from identity.hours import InvalidHoursError, in_words, is_open, next_change, next_opening
from identity.models import Workspace
from inbox.capabilities import Capabilities
from inbox.models import Channel, ChannelKind

DEFAULTS: dict[str, Any] = {
    "title": "",
    "greeting": "",  # the widget says its own, in the page's language
    "color": "#0b6e4f",
    "position": "right",
    "answers_in": "",
    "consent_text": "",  # likewise; consent.py knows which sentence was shown
    "privacy_url": "",
    "ai_disclosure": "",
}
#: Slugs are topics of the inbox; ``order`` asks for the order number.
DEFAULT_TOPICS = (
    {"slug": "sizing", "label": "Sizing", "order": False},
    {"slug": "shipping", "label": "Shipping", "order": False},
    {"slug": "stock", "label": "Stock", "order": False},
    {"slug": "my-order", "label": "My order", "order": True},
)
WIDGET_ENTRY = "widget/app.ts"


def create_chat_channel(
    *, name: str, capabilities: Capabilities, settings: Mapping[str, Any] | None = None
) -> Channel:
    """Make a chat channel with a secret of its own for signing shoppers."""
    return create_channel(
        kind=ChannelKind.CHAT,
        name=name,
        capabilities=capabilities,
        settings=settings,
        secrets={"widget_secret": new_secret()},
    )


def widget_config(
    *, channel: Channel, chosen: Mapping[str, Any], workspace: Workspace
) -> dict[str, Any]:
    """Return all the widget has to know before anybody types."""
    look = {name: chosen.get(name) or default for name, default in DEFAULTS.items()}
    return {
        "key": channel.public_key,
        "name": workspace.name,
        **look,
        "title": look["title"] or channel.name,
        "locale": workspace.locale,
        **presence(workspace, chosen),
        "hours_text": hours_text(workspace, chosen),
        "topics": topics(chosen),
        "app_url": app_url(),
        "max_text": MAX_TEXT,
        "max_file_bytes": MAX_FILE_BYTES,
        "file_types": list(FILE_TYPES),
    }


def topics(chosen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons before the chat."""
    return [dict(one) for one in chosen.get("topics", DEFAULT_TOPICS)]


def presence(workspace: Workspace, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether somebody is there, and if not when they are back."""
    if not keeps_hours(chosen):
        return {"online": True, "back_at": None}
    now = timezone.now()
    zone = zone_of(workspace)
    try:
        online = is_open(workspace.hours, zone, now)
        back = None if online else next_opening(workspace.hours, zone, now)
    except InvalidHoursError:
        online, back = True, None
    return {"online": online, "back_at": rfc3339(back) if back else None}


def seconds_to_change(workspace: Workspace, chosen: Mapping[str, Any]) -> float | None:
    """Return how long ``presence`` stays as it is; None if for ever."""
    if not keeps_hours(chosen):
        return None
    now = timezone.now()
    try:
        change = next_change(workspace.hours, zone_of(workspace), now)
    except InvalidHoursError:
        return None
    return (change - now).total_seconds() if change else None


def keeps_hours(chosen: Mapping[str, Any]) -> bool:
    """Say whether the workspace's hours count here; without them the chat is always open."""
    return bool(chosen.get("use_hours", True))


def hours_text(workspace: Workspace, chosen: Mapping[str, Any]) -> str:
    """Return the week in words, with its time zone; "" where hours don't count."""
    if not keeps_hours(chosen):
        return ""
    try:
        words = in_words(workspace.hours)
    except InvalidHoursError:
        return ""
    return f"{words} ({workspace.timezone})" if words else ""


def zone_of(workspace: Workspace) -> ZoneInfo:
    """Return the workspace's time zone; UTC for one this machine does not know."""
    try:
        return ZoneInfo(workspace.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def app_url() -> str:
    """Return where the widget's script is: its name carries a hash, so browsers keep it for ever."""
    manifest = settings.BASE_DIR / "static" / "dist" / "manifest.json"
    name = _widget_file(manifest, manifest.stat().st_mtime_ns) if manifest.exists() else ""
    return f"{settings.BASE_URL}{static(f'dist/{name}')}" if name else ""


@lru_cache(maxsize=2)
def _widget_file(manifest: Path, _changed: int) -> str:
    entries: dict[str, dict[str, str]] = json.loads(manifest.read_text())
    return entries.get(WIDGET_ENTRY, {}).get("file", "")
