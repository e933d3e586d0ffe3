"""One e-mail channel: address, ways in and out, DNS, tests."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from channels_app.channel_health import health_of
from channels_app.email.dns_check import check_domain
from channels_app.forms.mailbox import MailboxForm
from channels_app.models import ChannelAccount
from channels_app.setting_up import BASIC_SERVICES, NewSecret, change_channel, renew_hook_secret
from channels_app.trials import mail_trial, send_test_mail, start_mail_trial
from channels_app.views.guards import account_or_404, channel_or_404
from identity.form_errors import beside_fields
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from inbox.models import Channel

MANAGE = Permission.MANAGE_CHANNELS
HOOKS = ("raw", "mailgun", "postmark", "sendgrid", "ses")


def mailbox_page(
    request: MemberRequest, channel: Channel, new_secret: NewSecret | None = None
) -> HttpResponse:
    """Show and change an e-mail channel. Called by a guarded view."""
    account = account_or_404(channel)
    saving = request.method == "POST" and new_secret is None
    form = MailboxForm(
        request.POST if saving else None,
        chosen=account.settings,
        stored=set(account.secrets),
        name=channel.name,
        address=channel.address,
    )
    if saving and form.is_valid():
        with beside_fields(form):
            change_channel(
                channel=channel,
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"],
                settings=form.settings(),
                secrets=form.secrets(),
            )
        if form.is_valid():
            messages.success(request, "Saved. Send a test in each direction to be sure.")
            return redirect("channels:channel", channel.pk)
    token = request.GET.get("trial", "")
    return render(
        request,
        "channels/mailbox.html",
        {
            "section": "channels",
            "channel": channel,
            "form": form,
            "health": health_of(channel, account),
            "hooks": [(one, hook_url(channel, account, one)) for one in HOOKS],
            "receive": account.settings.get("esp", "raw"),
            "stored": set(account.secrets),
            "basic": BASIC_SERVICES,
            "new_secret": new_secret,
            "trial": mail_trial(channel=channel, token=token) if token else None,
            "domain": channel.address.rpartition("@")[2],
        },
    )


def hook_url(channel: Channel, account: ChannelAccount, service: str) -> str:
    """Return the address a service posts mail to."""
    url = f"{settings.BASE_URL}/hooks/email/{service}/{channel.pk}/{account.hook_key}"
    # Mailgun sends the raw mail to addresses that end in this, and its own reading of it to others.
    return f"{url}/mime" if service == "mailgun" else url


@requires(MANAGE)
@require_POST
@never_cache
def hook_secret(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make the hook's secret anew and show it, this once."""
    channel = channel_or_404(pk, "email")
    return mailbox_page(request, channel, renew_hook_secret(channel=channel))


@requires(MANAGE)
def dns_findings(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Look up SPF, DKIM and DMARC of the sending domain."""
    channel = channel_or_404(pk, "email")
    chosen = account_or_404(channel).settings
    findings = check_domain(
        channel.address.rpartition("@")[2],
        transport=str(chosen.get("transport") or "smtp"),
        smtp_host=str(chosen.get("smtp_host") or ""),
        selector=str(chosen.get("dkim_selector") or ""),
    )
    facts: dict[str, Any] = {"channel": channel, "findings": findings, "section": "channels"}
    template = "channels/_dns.html" if request.htmx else "channels/dns.html"
    return render(request, template, facts)


@requires(MANAGE)
@require_POST
def mail_test_out(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a mail to the admin through the channel."""
    channel = channel_or_404(pk, "email")
    sent = send_test_mail(channel=channel, to=request.membership.user.email, by=request.membership)
    if request.htmx:
        return render(request, "channels/_mail_sent.html", {"sent": sent})
    (messages.success if sent.worked else messages.error)(request, sent.sentence)
    return redirect("channels:channel", pk)


@requires(MANAGE)
@require_POST
def mail_test_in(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a mail to the channel's own mailbox and wait for it."""
    channel = channel_or_404(pk, "email")
    token, sent = start_mail_trial(channel=channel, by=request.membership)
    if not request.htmx:
        if not sent.worked:
            messages.warning(request, sent.sentence)
        return redirect(f"/settings/channels/{channel.pk}/?trial={token}#test")
    trial = mail_trial(channel=channel, token=token)
    facts = {"channel": channel, "trial": trial, "sent": sent}
    return render(request, "channels/_mail_trial.html", facts)


@requires(MANAGE)
def mail_test_state(request: MemberRequest, pk: UUID, token: str) -> HttpResponse:
    """Say how the inbound test stands."""
    channel = channel_or_404(pk, "email")
    facts = {"channel": channel, "trial": mail_trial(channel=channel, token=token)}
    return render(request, "channels/_mail_trial.html", facts)
