"""Shopify's paths under ``/shopify/<domain>/``: GraphQL, tokens, files. The admin's pages are beside."""

import asyncio
import json
import re
import uuid
from typing import Any

from sandbox.asgi import Answer, BadRequestError, Handler, Request, json_answer
from sandbox.shopify import oauth, pictures, trouble
from sandbox.shopify.engine import run
from sandbox.shopify.jobs import run_due
from sandbox.shopify.platform import Platform
from sandbox.shopify.schema import served_version
from sandbox.shopify.shop import Shop

DOMAIN = r"/shopify/([a-z0-9][a-z0-9-]*\.myshopify\.com)"
LOOKS_LIKE_WRITE = re.compile(r"^\s*(?:#[^\n]*\n\s*)*mutation\b\s*(\w*)")
OPERATION = re.compile(r"^\s*(?:#[^\n]*\n\s*)*(?:query|mutation)\s+(\w+)")


class Web:
    """The programmatic side of the platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("POST", DOMAIN + r"/admin/api/([\w-]+)/graphql\.json", self.graphql),
            ("POST", DOMAIN + r"/admin/oauth/access_token", self.token),
            ("GET", DOMAIN + r"/files/([\w.-]+)", self.file),
        ]

    def shop_of(self, request: Request) -> Shop | None:
        return self.platform.shop(request.matched[0])

    async def graphql(self, request: Request) -> Answer:
        """Answer one request, troubles included."""
        shop = self.shop_of(request)
        if shop is None:
            return trouble.closed("gone")
        if shop.settings.state != "active":
            return trouble.closed(shop.settings.state)
        body = _body(request)
        text = str(body.get("query") or "")
        named = OPERATION.match(text)
        fault = trouble.find(
            self.platform.faults,
            shop,
            write=bool(LOOKS_LIKE_WRITE.match(text)),
            operation=str(body.get("operationName") or (named[1] if named else "")),
        )
        instead = await trouble.before(fault, shop)
        if instead is not None:
            return _marked(instead, request.matched[1])
        if not oauth.is_good(shop, request.headers.get("x-shopify-access-token", "")):
            words = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return _marked(json_answer({"errors": words}, 401), request.matched[1])
        scopes = trouble.left_scopes(fault, frozenset(shop.settings.scopes))
        pending = fault is not None and fault.mode == "pending"
        answer = await asyncio.to_thread(self._run, shop, scopes, body, pending=pending)
        await trouble.after(fault)
        return _marked(json_answer(answer), request.matched[1])

    def _run(
        self, shop: Shop, scopes: frozenset[str], body: dict[str, Any], *, pending: bool
    ) -> dict[str, Any]:
        run_due(shop)
        if not pending:
            return run(shop, scopes, body)
        with shop.db.lock:  # nobody else's refund is to stay pending
            kept, shop.settings.pending_refunds = shop.settings.pending_refunds, True
            try:
                return run(shop, scopes, body)
            finally:
                shop.settings.pending_refunds = kept

    async def token(self, request: Request) -> Answer:
        """Answer ``POST /admin/oauth/access_token``; JSON, as forms are for the old ways."""
        shop = self.shop_of(request)
        if shop is None or shop.settings.state in {"gone", "locked"}:
            return trouble.closed("gone")
        fault = self.platform.faults.take("shopify", at="token", to=shop.domain)
        instead = await trouble.before(fault, shop)
        if instead is not None:
            return instead
        try:
            answer = json_answer(oauth.answer(self.platform.app, shop, request.text_fields()))
        except oauth.OAuthError as error:
            answer = json_answer(
                {"error": error.code, "error_description": str(error)}, error.status
            )
        await trouble.after(fault)
        return answer

    async def file(self, request: Request) -> Answer:
        """Serve a picture that is drawn, or the result of a bulk operation."""
        shop = self.shop_of(request)
        if shop is None:
            return trouble.closed("gone")
        name = request.matched[1]
        if name.endswith(".svg"):
            return Answer(200, pictures.svg(shop, name).encode(), "image/svg+xml")
        path = shop.results() / name
        if not path.is_file():
            return json_answer({"errors": "Not Found"}, 404)
        return Answer(200, content_type="application/jsonl", file=path)


def _body(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError as error:
        raise BadRequestError("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise BadRequestError("The body must be a JSON object.")
    return found


def _marked(answer: Answer, asked: str) -> Answer:
    answer.headers["X-Shopify-API-Version"] = served_version(asked)
    answer.headers["X-Request-Id"] = str(uuid.uuid4())
    return answer
