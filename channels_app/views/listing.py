"""All channels, each with its health; and switching one off and on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from channels_app.channel_health import channels_with_health
from channels_app.forms.chat import NewChatForm
from channels_app.forms.mailbox import NewMailboxForm
from channels_app.setting_up import make_chat, make_mailbox, switch_off, switch_on
from channels_app.views.chat import chat_page
from channels_app.views.guards import channel_or_404
from channels_app.views.mailbox import mailbox_page
from identity.form_errors import beside_fields
from identity.permissions import Permission, requires
from identity.requests import MemberRequest

MANAGE = Permission.MANAGE_CHANNELS


@requires(MANAGE)
def channel_list(request: MemberRequest) -> HttpResponse:
    """Show every channel and how it does."""
    facts = {"section": "channels", "rows": channels_with_health()}
    return render(request, "channels/list.html", facts)


@requires(MANAGE)
def new_chat(request: MemberRequest) -> HttpResponse:
    """Make a chat."""
    form = NewChatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        channel = make_chat(name=form.cleaned_data["name"])
        messages.success(request, "The chat is made. Next: put it on your shop's page.")
        return redirect("channels:channel", channel.pk)
    facts = {"section": "channels", "form": form, "kind": "chat"}
    return render(request, "channels/new.html", facts)


@requires(MANAGE)
def new_mailbox(request: MemberRequest) -> HttpResponse:
    """Make an e-mail channel."""
    form = NewMailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            channel = make_mailbox(**form.cleaned_data)
            messages.success(request, "The mailbox is here. Next: how mail comes in and leaves.")
        if form.is_valid():
            return redirect("channels:channel", channel.pk)
    facts = {"section": "channels", "form": form, "kind": "email"}
    return render(request, "channels/new.html", facts)


@requires(MANAGE)
def channel_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show and change one channel."""
    channel = channel_or_404(pk)
    page = {"chat": chat_page, "email": mailbox_page}[channel.kind]
    return page(request, channel)


@requires(MANAGE)
@require_POST
def deactivation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Switch a channel off."""
    channel = channel_or_404(pk)
    switch_off(channel=channel)
    messages.success(request, f"{channel.name} is off. Its conversations stay.")
    return redirect("channels:channel", pk)


@requires(MANAGE)
@require_POST
def activation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Switch a channel on."""
    channel = channel_or_404(pk)
    switch_on(channel=channel)
    messages.success(request, f"{channel.name} is on.")
    return redirect("channels:channel", pk)
