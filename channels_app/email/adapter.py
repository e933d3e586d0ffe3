"""E-mail as the rest of the product sees it: verify, keys, parse, send."""

import time
from collections.abc import Mapping
from functools import lru_cache

from channels_app.contract import (
    Account,
    InboundItem,
    Keys,
    Outbound,
    RawRequest,
    SendResult,
)
from helpdesk.foundation.limits import run_limited
from inbox.capabilities import Capabilities

from .esp import ses
from .intake import keys_of, parse_event
from .send import send_mail
from .verify import verify_request

CAPABILITIES = Capabilities(
    max_text=500_000,
    max_attachment_bytes=18_000_000,  # 25 MB on the wire, after Base64
    max_attachments=50,
    rich_text=True,
    subject=True,
    cc=True,
    can_start=True,
)
#: Wall time for one event, all of it; then it is quarantined.
PARSE_SECONDS = 20.0


class EmailAdapter:
    """Raw mail, four mail services and their events in; SMTP and the services out."""

    kind = "email"
    capabilities = CAPABILITIES

    def verify(self, request: RawRequest, account: Account) -> bool:
        """Say whether the post is genuine; ``request.variant`` is the service."""
        return verify_request(
            request, account, now=time.time(), fetch_certificate=fetch_sns_certificate
        )

    def keys(self, raw: bytes, headers: Mapping[str, str], variant: str) -> Keys:
        """Return dedupe and order keys without a full parse; never raises."""
        return keys_of(raw, headers, variant)

    def parse(
        self, raw: bytes, headers: Mapping[str, str], variant: str, account: Account
    ) -> list[InboundItem]:
        """Return everything the event says. Raises UnsupportedEventError, TimeLimitError."""
        return run_limited(PARSE_SECONDS, parse_event, raw, dict(headers), variant, account)

    def send(self, outbound: Outbound, account: Account) -> SendResult:
        """Hand one mail to the account's transport. Raises DeliveryError."""
        return send_mail(outbound, account)

    def confirmation_url(self, raw: bytes, variant: str) -> str:
        """Return the URL to GET after a verified subscription request of Amazon SNS, or ""."""
        return ses.confirmation_url(raw) if variant == "ses" else ""


@lru_cache(maxsize=16)
def fetch_sns_certificate(url: str) -> bytes:
    """Return the certificate at a URL whose host has been checked. Amazon never changes one."""
    from helpdesk.foundation.http import client, read_capped

    with (
        client(purpose="mail.sns_certificate", guarded=True, timeout=10.0) as web,
        web.stream("GET", url) as response,
    ):
        response.raise_for_status()
        return read_capped(response, limit=100_000)
