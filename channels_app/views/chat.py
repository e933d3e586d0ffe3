"""One chat channel: look, embed code, secret, test."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from channels_app.channel_health import health_of
from channels_app.chat.services.appearance import DEFAULTS
from channels_app.forms.chat import ChatForm
from channels_app.setting_up import NewSecret, change_channel, renew_widget_secret
from channels_app.trials import chat_trial, clear_chat_trial, is_answered, start_chat_trial
from channels_app.views.guards import account_or_404, channel_or_404
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from inbox.models import Channel

MANAGE = Permission.MANAGE_CHANNELS


def chat_page(
    request: MemberRequest, channel: Channel, new_secret: NewSecret | None = None
) -> HttpResponse:
    """Show and change a chat. Called by a guarded view."""
    account = account_or_404(channel)
    saving = request.method == "POST" and new_secret is None
    form = ChatForm(request.POST if saving else None, chosen=account.settings, name=channel.name)
    if saving and form.is_valid():
        change_channel(
            channel=channel, name=form.cleaned_data["name"], settings=form.settings(), secrets={}
        )
        messages.success(request, "Saved. Open chats show it after a reload.")
        return redirect("channels:channel", channel.pk)
    token = request.GET.get("trial", "")
    return render(
        request,
        "channels/chat.html",
        {
            "section": "channels",
            "channel": channel,
            "form": form,
            "health": health_of(channel, account),
            "embed": embed_code(channel),
            "new_secret": new_secret,
            "has_secret": bool(account.secrets.get("widget_secret")),
            "look": _look(channel, account.settings),
            "trial": chat_trial(channel=channel, token=token) if token else None,
            "demo": settings.DEMO,
        },
    )


def embed_code(channel: Channel) -> str:
    """Return the line a merchant puts into their theme."""
    return (
        f'<script async src="{settings.BASE_URL}/widget/v1/loader.js" '
        f'data-key="{channel.public_key}"></script>'
    )


@requires(MANAGE)
@require_POST
def chat_preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Draw the chat as the unsaved form would make it."""
    channel = channel_or_404(pk, "chat")
    form = ChatForm(request.POST, chosen={}, name=channel.name)
    form.is_valid()
    look = {
        **_look(channel, {}),
        **{key: value for key, value in form.cleaned_data.items() if value},
    }
    return render(request, "channels/_chat_look.html", {"look": look})


@requires(MANAGE)
@require_POST
@never_cache
def widget_secret(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make the signing secret anew and show it, this once."""
    channel = channel_or_404(pk, "chat")
    return chat_page(request, channel, renew_widget_secret(channel=channel))


@requires(MANAGE)
def try_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the real widget on an empty page of ours."""
    channel = channel_or_404(pk, "chat")
    return render(request, "channels/try.html", {"channel": channel})


@requires(MANAGE)
@require_POST
def chat_test(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Start a test, or show how it stands."""
    channel = channel_or_404(pk, "chat")
    token = start_chat_trial(channel=channel, by=request.membership)
    if request.htmx:
        return _trial(request, channel, token)
    return redirect(f"/settings/channels/{channel.pk}/?trial={token}#test")


@requires(MANAGE)
def chat_test_state(request: MemberRequest, pk: UUID, token: str) -> HttpResponse:
    """Show what was said in the test so far."""
    return _trial(request, channel_or_404(pk, "chat"), token)


@requires(MANAGE)
@require_POST
def chat_test_end(request: MemberRequest, pk: UUID, token: str) -> HttpResponse:
    """Put the test conversation into the trash."""
    channel = channel_or_404(pk, "chat")
    clear_chat_trial(channel=channel, token=token, by=request.membership)
    messages.success(request, "The test conversation is in the trash.")
    return redirect("channels:channel", channel.pk)


def _trial(request: MemberRequest, channel: Channel, token: str) -> HttpResponse:
    trial = chat_trial(channel=channel, token=token)
    facts = {"channel": channel, "trial": trial, "answered": is_answered(trial)}
    return render(request, "channels/_chat_trial.html", facts)


def _look(channel: Channel, chosen: dict[str, object]) -> dict[str, object]:
    look = {key: chosen.get(key) or default for key, default in DEFAULTS.items()}
    return {
        **look,
        "title": look["title"] or channel.name,
        "greeting": look["greeting"] or "Hi, how can we help?",
        "topics": chosen.get("topics", []),
    }
