"""``/demo-shop/``: a shop's page that embeds the chat the way a merchant would. Demo only."""

from csp.decorators import csp_exempt
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from identity.middleware import opens_own_scope
from identity.models import Workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel, ChannelKind

DEMO_WORKSPACE = "demo"


@opens_own_scope
@csp_exempt()  # a merchant's page has its own rules, and this one stands for it
@require_GET
def demo_shop(request: HttpRequest) -> HttpResponse:
    """Show the shop with the demo workspace's first chat."""
    workspace = Workspace.objects.filter(slug=DEMO_WORKSPACE).first() if settings.DEMO else None
    if workspace is None:
        raise Http404
    with tenant_scope(workspace.pk):
        channel = Channel.objects.filter(kind=ChannelKind.CHAT, is_active=True).first()
    if channel is None:
        raise Http404
    return render(request, "demo_shop/index.html", {"public_key": channel.public_key})
