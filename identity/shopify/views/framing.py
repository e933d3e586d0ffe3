"""What a page inside Shopify's admin may do: be framed by that shop, load App Bridge, and no more.

It has no cookie: the page's token is the login, and there is nothing a forged form could use.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from identity.middleware import opens_own_scope

#: Asks App Bridge to fetch a new token and to send the request once more.
RETRY_HEADER = "X-Shopify-Retry-Invalid-Session-Request"


def embedded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view of a page inside the admin."""

    @wraps(view)
    def framed(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if "Content-Security-Policy" not in response:
            allow_frame(response, "")
        return response

    return opens_own_scope(never_cache(csrf_exempt(xframe_options_exempt(framed))))


def allow_frame(response: HttpResponse, shop: str) -> HttpResponse:
    """Let exactly this shop's admin frame the page; nobody where ``shop`` is empty.

    ``shop`` was cleaned by ``session.shop_domain``: nothing else may enter the header.
    """
    bridge = urlsplit(settings.SHOPIFY_APP_BRIDGE_URL)
    script = f"{bridge.scheme}://{bridge.netloc}"
    response["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {script}",
            f"connect-src 'self' {script}",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {_ancestors(shop)}",
        )
    )
    return response


def _ancestors(shop: str) -> str:
    if not shop:
        return "'none'"
    base = urlsplit(str(settings.SHOPIFY_BASE_URL).format(shop=shop))
    if base.netloc == shop:
        return f"https://{shop} https://admin.shopify.com"
    return f"{base.scheme}://{base.netloc}"  # the stand-in's admin
