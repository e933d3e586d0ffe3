"""Handing a mail to Amazon SES (API v2) as raw MIME, signed with Signature Version 4.

Anymail's SES backend needs boto3, eighty megabytes for one call; the signature is twenty lines.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from channels_app.contract import Account, DeliveryError, SendResult
from channels_app.email.out.smtp import ses_wire_ids
from channels_app.email.out.statuses import (
    error_for_status,
    policy_refusal,
    unconfirmed,
    unreachable,
)
from helpdesk.foundation import http

PATH = "/v2/email/outbound-emails"

_ACCOUNT_ERRORS = frozenset(
    {"AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException"}
)
_KEY_ERRORS = frozenset(
    {
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "ExpiredTokenException",
        "IncompleteSignature",
        "MissingAuthenticationTokenException",
    }
)


def send_by_ses(
    raw: bytes,
    *,
    sender: str,
    to: Sequence[str],
    copies: Sequence[str],
    account: Account,
    transport: httpx.BaseTransport | None = None,
) -> SendResult:
    """Send raw MIME to all recipients. Raises DeliveryError."""
    region = str(account.settings.get("ses_region") or "")
    key_id = str(account.settings.get("ses_access_key_id") or "")
    secret = account.secrets.get("ses_secret_access_key", "")
    if not (region and key_id and secret):
        raise DeliveryError(
            "Amazon SES is not set up for this channel. An administrator has to enter region, "
            "access key and secret in the channel's settings; then send again.",
            code="account.settings",
            permanent=True,
        )
    base = str(account.settings.get("api_url") or f"https://email.{region}.amazonaws.com")
    url = base.rstrip("/") + PATH
    body = json.dumps(
        {
            "FromEmailAddress": sender,
            # Bcc recipients stand here and nowhere in the mail itself.
            "Destination": {"ToAddresses": [*to], "BccAddresses": [*copies]},
            "Content": {"Raw": {"Data": base64.b64encode(raw).decode("ascii")}},
        }
    ).encode()
    headers = signed_headers(
        url, body, region=region, key_id=key_id, secret=secret, now=datetime.now(tz=UTC)
    )
    timeout = account.settings.get("api_timeout", http.DEFAULT_TIMEOUT)
    with http.client(purpose="mail.ses", timeout=timeout, transport=transport) as client:
        try:
            response = client.post(url, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise unreachable("Amazon SES") from error
        except httpx.RequestError as error:
            raise unconfirmed("Amazon SES") from error
    if response.status_code != 200:
        raise _error(response)
    ses_id = str(_json(response).get("MessageId", ""))
    if not ses_id:
        raise unconfirmed("Amazon SES")
    return SendResult(provider_id=ses_id, aliases=ses_wire_ids(ses_id, region))


def signed_headers(
    url: str, body: bytes, *, region: str, key_id: str, secret: str, now: datetime
) -> dict[str, str]:
    """Return the headers of a POST signed for SES with AWS Signature Version 4."""
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "content-type": "application/json",
        "host": urlsplit(url).netloc,
        "x-amz-date": moment,
    }
    scope = f"{moment[:8]}/{region}/ses/aws4_request"
    signature = signature_v4("POST", url, headers, body, scope=scope, secret=secret)
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, "
        f"SignedHeaders={';'.join(headers)}, Signature={signature}"
    )
    return headers


def signature_v4(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, scope: str, secret: str
) -> str:
    """Return the signature over a request; ``headers`` in lower case and sorted, path as it is.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    """
    parts = urlsplit(url)
    lines = [method, parts.path or "/", parts.query]
    lines += [f"{name}:{value}" for name, value in headers.items()]
    lines += ["", ";".join(headers), hashlib.sha256(body).hexdigest()]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = _hmac(key, step)
    return _hmac(key, f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}").hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _error(response: httpx.Response) -> DeliveryError:
    answer = _json(response)
    kind = response.headers.get("x-amzn-errortype", "").partition(":")[0]
    said = str(answer.get("message") or answer.get("Message") or kind)
    status = response.status_code
    if kind in {"TooManyRequestsException", "LimitExceededException"}:
        status = 429
    if kind in _KEY_ERRORS:
        status = 401
    if kind in _ACCOUNT_ERRORS or (kind == "MessageRejected" and "not verified" in said):
        return policy_refusal("Amazon SES", f" (“{said[:160]}”)")
    return error_for_status(status, service="Amazon SES", said=said, headers=response.headers)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
