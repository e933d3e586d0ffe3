"""Stand-ins for the sending APIs of Mailgun, Postmark, SendGrid and Amazon SES.

They take what the real ones take as far as a client library can tell, refuse a key that is
``wrong``, and write the mail into the outbox. Trouble comes from ``/faults`` by service name.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from sandbox.asgi import Answer, Request, json_answer
from sandbox.faults import Faults
from sandbox.outbox import Outbox, mail_entries

WRONG_KEY = "wrong"


class MailServices:
    """The four doors; each ends in ``_take``."""

    def __init__(self, outbox: Outbox, faults: Faults) -> None:
        self._outbox = outbox
        self._faults = faults

    async def postmark(self, request: Request) -> Answer:
        key = request.headers.get("x-postmark-server-token", "")
        if key in {"", WRONG_KEY}:
            return json_answer({"ErrorCode": 10, "Message": "No valid server token."}, 401)
        data = request.json()
        mail = _mail(
            {name: data.get(name) for name in ("From", "To", "Cc", "Subject")}
            | {"Reply-To": data.get("ReplyTo")},
            [(item["Name"], item["Value"]) for item in data.get("Headers", [])],
            text=data.get("TextBody", ""),
            html=data.get("HtmlBody", ""),
        )
        for item in data.get("Attachments", []):
            content = base64.b64decode(item["Content"])
            _attach(mail, item["Name"], item["ContentType"], content, item.get("ContentID", ""))
        recipients = _bare(data.get("To"), data.get("Cc"), data.get("Bcc"))
        message_id = str(uuid.uuid4())
        return await self._take(
            "postmark",
            mail,
            recipients,
            taken=lambda: json_answer(
                {
                    "To": data.get("To"),
                    "SubmittedAt": "2026-01-01T00:00:00Z",
                    "MessageID": message_id,
                    "ErrorCode": 0,
                    "Message": "OK",
                }
            ),
            refused=lambda code, error_code, text: json_answer(
                {
                    "ErrorCode": error_code or 300,
                    "Message": text or _postmark_words(error_code, recipients),
                },
                code or 422,
            ),
        )

    async def mailgun(self, request: Request) -> Answer:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        user, _, key = base64.b64decode(pair or b"").decode().partition(":")
        if scheme != "Basic" or user != "api" or key in {"", WRONG_KEY}:
            return Answer(401, b"Forbidden", "text/plain")
        form = request.form()
        text = {name: [value.decode() for value in found] for name, found in form.items()
                if name not in {"attachment", "inline"}}  # fmt: skip

        def one(name: str) -> str:
            return ", ".join(text.get(name, []))

        headers = [(name[2:], values[0]) for name, values in text.items() if name.startswith("h:")]
        mail = _mail(
            {"From": one("from"), "To": one("to"), "Cc": one("cc"), "Subject": one("subject")},
            headers,
            text=one("text"),
            html=one("html"),
        )
        for name in ("attachment", "inline"):
            for content in form.get(name, []):
                _attach(mail, name, "application/octet-stream", content, "")
        taken = {"id": str(mail["Message-ID"] or ""), "message": "Queued. Thank you."}
        return await self._take(
            "mailgun",
            mail,
            _bare(one("to"), one("cc"), one("bcc")),
            taken=lambda: json_answer(taken),
            refused=lambda code, _error_code, words: json_answer(
                {"message": words or "'to' parameter is not a valid address"}, code or 400
            ),
        )

    async def sendgrid(self, request: Request) -> Answer:
        if request.headers.get("authorization", "") in {"", f"Bearer {WRONG_KEY}"}:
            message = "The provided authorization grant is invalid, expired, or revoked"
            return json_answer({"errors": [{"message": message}]}, 401)
        data = request.json()
        personal = data["personalizations"][0]
        contents = {item["type"]: item["value"] for item in data.get("content", [])}
        extra = {**data.get("headers", {}), **personal.get("headers", {})}
        mail = _mail(
            {
                "From": _sendgrid_addresses([data["from"]]),
                "To": _sendgrid_addresses(personal.get("to", [])),
                "Cc": _sendgrid_addresses(personal.get("cc", [])),
                "Subject": personal.get("subject") or data.get("subject"),
                "Reply-To": _sendgrid_addresses(
                    data.get("reply_to_list") or [data[k] for k in ("reply_to",) if k in data]
                ),
            },
            list(extra.items()),
            text=contents.get("text/plain", ""),
            html=contents.get("text/html", ""),
        )
        for item in data.get("attachments", []):
            content = base64.b64decode(item["content"])
            _attach(mail, item["filename"], item["type"], content, item.get("content_id", ""))
        recipients = [
            item["email"] for name in ("to", "cc", "bcc") for item in personal.get(name, [])
        ]
        wire_id = uuid.uuid4().hex
        return await self._take(
            "sendgrid",
            mail,
            recipients,
            taken=lambda: Answer(202, b"", "text/plain", {"x-message-id": wire_id}),
            refused=lambda code, _error_code, words: json_answer(
                {"errors": [{"message": words or "Does not contain a valid address."}]},
                code or 400,
            ),
        )

    async def ses(self, request: Request) -> Answer:
        signed = request.headers.get("authorization", "")
        if not signed.startswith("AWS4-HMAC-SHA256 ") or f"Credential={WRONG_KEY}/" in signed:
            return json_answer(
                {"message": "The request signature we calculated does not match."},
                403,
                **{"x-amzn-errortype": "InvalidSignatureException"},
            )
        data = request.json()
        raw = base64.b64decode(data["Content"]["Raw"]["Data"])
        recipients = [item for found in data["Destination"].values() for item in found]
        ses_id = f"0102{uuid.uuid4().hex[:12]}-{uuid.uuid4()}-000000"
        return await self._take(
            "ses",
            raw,
            recipients,
            taken=lambda: json_answer({"MessageId": ses_id}),
            refused=lambda code, _error_code, words: json_answer(
                {"message": words or "Email address is not verified."},
                code or 400,
                **{"x-amzn-errortype": "MessageRejected"},
            ),
        )

    async def _take(
        self,
        service: str,
        mail: EmailMessage | bytes,
        recipients: list[str],
        *,
        taken: Callable[[], Answer],
        refused: Callable[[int, int, str], Answer],
    ) -> Answer:
        fault = self._faults.take(service) or self._faults.take(service, at="mail")
        if fault and fault.mode == "fail":
            return refused(fault.code, fault.error_code, fault.text)
        if fault and fault.mode == "throttle":
            return json_answer(
                {"message": "Too many requests"},
                fault.code or 429,
                **{"retry-after": f"{fault.seconds:g}"},
            )
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        entries = mail_entries(raw, provider=service, sender="", recipients=recipients)
        for entry in entries * (2 if fault and fault.mode == "duplicate" else 1):
            self._outbox.add(entry)
        if fault and fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.mode in {"hang", "drop"}:
            await asyncio.Event().wait()
        return taken()


def _mail(
    standard: dict[str, Any], headers: list[tuple[str, str]], *, text: str, html: str
) -> EmailMessage:
    mail = EmailMessage()
    for name, value in [*standard.items(), *headers]:
        if value and name not in mail:
            mail[name] = " ".join(str(value).split())
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def _attach(
    mail: EmailMessage, name: str, content_type: str, content: bytes, content_id: str
) -> None:
    main, _, sub = (content_type or "application/octet-stream").partition("/")
    content_id = content_id.removeprefix("cid:").strip("<>")
    mail.add_attachment(
        content,
        maintype=main,
        subtype=sub or "octet-stream",
        filename=name,
        disposition="inline" if content_id else "attachment",
        cid=f"<{content_id}>" if content_id else None,
    )


def _bare(*lists: str | None) -> list[str]:
    return [address for _, address in getaddresses([item for item in lists if item]) if address]


def _sendgrid_addresses(items: list[dict[str, str]]) -> str:
    mail = [f"{item['name']} <{item['email']}>" if item.get("name") else item["email"]
            for item in items]  # fmt: skip
    return ", ".join(mail)


def _postmark_words(error_code: int, recipients: list[str]) -> str:
    if error_code == 406:
        return (
            "You tried to send to recipient(s) that have been marked as inactive. Found inactive "
            f"addresses: {', '.join(recipients)}. Inactive recipients are ones that have generated "
            "a hard bounce, a spam complaint, or a manual suppression."
        )
    if error_code in {0, 300} and recipients:
        return f"Invalid 'To' address: '{recipients[0]}'."
    return json.dumps("Refused by the sandbox.")
