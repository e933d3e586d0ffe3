"""The smallest web framework that will do: a request, an answer, a table of routes."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

MAX_BODY = 64 * 1024 * 1024
PIECE = 256 * 1024


class BadRequestError(ValueError):
    """The caller's mistake; the words are the answer."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes
    matched: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object. Raises BadRequestError."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError as error:
            raise BadRequestError("The body is not JSON.") from error
        if not isinstance(found, dict):
            raise BadRequestError("The body must be a JSON object.")
        return found

    def form(self) -> dict[str, list[bytes]]:
        """Return form fields, URL-encoded or multipart; files are among them by field name."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            pairs = parse_qs(
                self.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"
            )
            return {
                name: [value.encode("latin-1") for value in found] for name, found in pairs.items()
            }
        fields: dict[str, list[bytes]] = {}
        for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body).walk():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(content, bytes):
                fields.setdefault(name, []).append(content)
        return fields

    def text_fields(self) -> dict[str, str]:
        """Return JSON or form fields as text, whichever the caller sent."""
        if self.headers.get("content-type", "").startswith("application/json"):
            return {name: str(value) for name, value in self.json().items() if value is not None}
        return {name: found[0].decode("utf-8", "replace") for name, found in self.form().items()}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    #: Sent piece by piece instead of ``body``.
    file: Path | None = None


def json_answer(data: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(data).encode(), "application/json", headers)


def html_answer(page: str, status: int = 200) -> Answer:
    # Mails are strangers' HTML: no script runs on these pages and nothing is fetched.
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self' data:; form-action 'self'"
    return Answer(
        status, page.encode(), "text/html; charset=utf-8", {"content-security-policy": policy}
    )


Handler = Callable[[Request], Awaitable[Answer]]


class Application:
    """An ASGI application over a list of (method, pattern, handler)."""

    def __init__(self, routes: list[tuple[str, str, Handler]]) -> None:
        self._routes = [
            (method, re.compile(pattern), handler) for method, pattern, handler in routes
        ]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, await _read_body(receive))
        headers = {"content-type": answer.content_type, **answer.headers}
        size = answer.file.stat().st_size if answer.file else len(answer.body)
        headers["content-length"] = str(size)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        if answer.file:
            with answer.file.open("rb") as source:
                while piece := source.read(PIECE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Any, body: bytes | None) -> Answer:
        if body is None:
            return json_answer({"detail": "The body is too large."}, 413)
        path, method = scope["path"], scope["method"]
        known_path = False
        for wanted, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            known_path = True
            if wanted != method:
                continue
            query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            request = Request(
                method=method,
                path=path,
                query={name: found[-1] for name, found in query.items()},
                headers={
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in scope["headers"]
                },
                body=body,
                matched=match.groups(),
            )
            try:
                return await handler(request)
            except BadRequestError as error:
                return json_answer({"detail": str(error)}, 400)
        return json_answer({"detail": "Not here."}, 405 if known_path else 404)


async def _read_body(receive: Any) -> bytes | None:
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not event.get("more_body"):
            return bytes(body)
