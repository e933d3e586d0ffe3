"""Finding a channel for an admin's page: one of another workspace does not exist."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from channels_app.models import ChannelAccount
from inbox.models import Channel


def channel_or_404(pk: UUID, kind: str = "") -> Channel:
    """Return the channel of the open workspace, of that kind if one is named."""
    found = Channel.objects.filter(kind=kind) if kind else Channel.objects.all()
    return get_object_or_404(found, pk=pk)


def account_or_404(channel: Channel) -> ChannelAccount:
    """Return a channel's account."""
    return get_object_or_404(ChannelAccount.objects.all(), channel=channel)
