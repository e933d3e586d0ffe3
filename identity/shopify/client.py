"""The one way to a shop's Admin API: shop, token and version are arguments, nothing is global.

Reads are tried up to three times. A write is tried again only where nothing ran (THROTTLED), or where
the caller says that it is safe to repeat; after a lost answer of any other write the state is read
and then decided, by whoever keeps the ledger of it.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import structlog
from django.conf import settings
from prometheus_client import Counter

from helpdesk.foundation import http
from identity.shopify.documents import Document
from identity.shopify.errors import (
    AnswerLostError,
    ForbiddenError,
    QueryFailedError,
    RefusedError,
    SearchIgnoredError,
    ShopFrozenError,
    ShopGoneError,
    ShopifyError,
    ShopLockedError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
    user_errors,
)
from identity.shopify.pacing import Pace, SharedPace, Throttle, read_throttle

logger = structlog.get_logger(__name__)

TIMEOUT = httpx.Timeout(25.0, connect=5.0)
READ_TRIES = 3
#: Longest wait for points, in seconds: an agent looks at a screen, a worker has a lease.
AGENT_PATIENCE, BACKGROUND_PATIENCE = 4.0, 20.0
#: Points a document is thought to cost before its first answer tells.
FIRST_COST = 60.0

CALLS = Counter("shopify_calls_total", "Calls to the Admin API by outcome.", ["outcome"])
WRONG_VERSION = Counter("shopify_version_mismatch_total", "Answers in another API version.")


@dataclass(frozen=True, slots=True)
class Shop:
    """Whom to call, and as whom."""

    domain: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Data, and what was left out of it: ``denied`` holds the paths that came back null for lack of
    access, say ``("customer", "defaultEmailAddress")``."""

    data: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...] = ()
    denied: tuple[tuple[str, ...], ...] = ()
    request_id: str = ""

    def payload(self, name: str) -> Mapping[str, Any]:
        """Return a mutation's payload. Raises RefusedError when it has user errors."""
        payload = self.data.get(name)
        refusals = user_errors(payload)
        if refusals:
            raise RefusedError(refusals, request_id=self.request_id)
        if not isinstance(payload, Mapping):
            raise QueryFailedError(
                "The shop answered without a result. Try again in a minute.",
                request_id=self.request_id,
            )
        return payload


def base_url(domain: str) -> str:
    """Return where a shop answers; ``domain`` was checked by whoever stored it."""
    return str(settings.SHOPIFY_BASE_URL).format(shop=domain).rstrip("/")


class Client:
    """Carries documents to shops. One for the process: ``shared_client()``."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        pace: Pace | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = http.client(
            purpose="shopify", timeout=TIMEOUT, follow_redirects=False, transport=transport
        )
        self._pace = pace or SharedPace()
        self._sleep = sleep
        self._costs: dict[str, float] = {}

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def call(
        self,
        shop: Shop,
        document: Document,
        variables: Mapping[str, Any] | None = None,
        *,
        background: bool = False,
        repeatable: bool = False,
        version: str = "",
    ) -> Answer:
        """Run one document. Raises a ShopifyError that says what may be done about it.

        ``background`` leaves points to agents; ``repeatable`` marks a write that may be sent twice.
        """
        tries = READ_TRIES if repeatable or not document.writes else 1
        patience = BACKGROUND_PATIENCE if background else AGENT_PATIENCE
        throttled = 0
        lost = 0
        while True:
            patience -= self._wait_for_points(shop, document, background, patience)
            try:
                answer = self._once(shop, document, variables or {}, version)
            except ThrottledError as error:
                # Nothing ran, so this one may be said again whatever it is.
                throttled += 1
                if error.wait > patience or throttled > READ_TRIES:
                    CALLS.labels(error.code).inc()
                    raise
                patience -= error.wait
                self._sleep(error.wait * random.uniform(1.0, 1.2))  # noqa: S311 - spreads load
            except (UnreachableError, AnswerLostError) as error:
                lost += 1
                if lost >= tries:
                    CALLS.labels(error.code).inc()
                    raise
                self._sleep(0.3 * 2**lost * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load
            except ShopifyError as error:
                CALLS.labels(error.code).inc()
                raise
            else:
                CALLS.labels("ok").inc()
                return answer

    def post_json(
        self, url: str, body: Mapping[str, Any], *, tries: int = 1
    ) -> tuple[int, Mapping[str, Any]]:
        """Post to an OAuth address and return (status, JSON object or {}).

        Raises UnreachableError or AnswerLostError after the last try.
        """
        for left in range(tries - 1, -1, -1):
            try:
                with _told_apart():
                    response = self._web.post(url, json=dict(body))
            except (UnreachableError, AnswerLostError):
                if not left:
                    raise
                self._sleep(random.uniform(0.2, 0.6))  # noqa: S311 - spreads load
            else:
                return response.status_code, _json_object(response)
        raise AssertionError("unreachable")

    @contextmanager
    def download(self, url: str) -> Iterator[Iterator[str]]:
        """Stream the lines of a bulk result. Where Shopify is the real one, only https and public."""
        real = str(settings.SHOPIFY_BASE_URL).startswith("https://")
        with (
            http.client(purpose="shopify.bulk", timeout=TIMEOUT, guarded=real) as web,
            _told_apart(),
            web.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise AnswerLostError("The shop's file could not be fetched. It is tried again.")
            yield response.iter_lines()

    def _wait_for_points(
        self, shop: Shop, document: Document, background: bool, patience: float
    ) -> float:
        """Return the seconds waited. Raises ThrottledError when it would be too long."""
        cost = self._costs.get(document.name, FIRST_COST)
        waited = 0.0
        while wait := self._pace.take(shop.domain, cost, background=background):
            if waited + wait > patience:
                CALLS.labels("held_back").inc()
                raise _throttled(wait, "")
            self._sleep(wait)
            waited += wait
        return waited

    def _once(
        self, shop: Shop, document: Document, variables: Mapping[str, Any], version: str
    ) -> Answer:
        pinned = version or settings.SHOPIFY_API_VERSION
        with _told_apart():
            response = self._web.post(
                f"{base_url(shop.domain)}/admin/api/{pinned}/graphql.json",
                json={
                    "query": document.text,
                    "variables": dict(variables),
                    "operationName": document.operation,
                },
                headers={"X-Shopify-Access-Token": shop.token},
            )
        request_id = response.headers.get("x-request-id", "")
        log = logger.bind(document=document.name, request_id=request_id)
        _check_version(response, pinned, log)
        _check_status(response, request_id)
        body = _json_object(response)
        if not body:
            raise _lost(request_id)
        throttle = read_throttle(body.get("extensions"))
        if throttle is not None:
            self._pace.settle(shop.domain, throttle)
            if throttle.requested:
                self._costs[document.name] = throttle.requested
        return _read(body, throttle, request_id, log)


@lru_cache(maxsize=1)
def shared_client() -> Client:
    """Return the process's client with its pool of connections."""
    return Client()


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn httpx's errors into ours: before anything was sent, or after."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise UnreachableError("The shop can't be reached now. Try again in a minute.") from error
    except http.ForbiddenAddressError as error:
        raise UnreachableError("The shop named an address that is not called.") from error
    except httpx.HTTPError as error:
        raise _lost("") from error


def _check_version(response: httpx.Response, pinned: str, log: Any) -> None:
    told = response.headers.get("x-shopify-api-version", "")
    if told and told != pinned:
        # The pinned version is no longer supported: Shopify falls forward without a word.
        WRONG_VERSION.inc()
        log.error("shopify.version_fell_forward", pinned=pinned, told=told)


def _check_status(response: httpx.Response, request_id: str) -> None:
    status = response.status_code
    if status == 429:
        raise _throttled(_retry_after(response), request_id)
    if status in _REFUSALS:
        kind, message = _REFUSALS[status]
        raise kind(message, request_id=request_id)
    if status >= 500 or 300 <= status < 400:
        raise _lost(request_id)
    if status >= 400:
        raise QueryFailedError(
            f"The shop refused the request ({status}). This is ours to mend.", request_id=request_id
        )


_REFUSALS: dict[int, tuple[type[ShopifyError], str]] = {
    401: (TokenRefusedError, "The shop does not accept our key. Open the app in Shopify once."),
    402: (ShopFrozenError, "Shopify has paused this shop. Its owner can mend that with Shopify."),
    403: (ForbiddenError, "The shop does not allow this to the app. Open the app in Shopify once."),
    404: (ShopGoneError, "There is no such shop any more."),
    423: (ShopLockedError, "Shopify has locked this shop. Its owner can mend that with Shopify."),
}


def _read(body: Mapping[str, Any], throttle: Throttle | None, request_id: str, log: Any) -> Answer:
    errors = [one for one in _list(body.get("errors")) if isinstance(one, Mapping)]
    codes = {_code(one) for one in errors}
    data = body.get("data")
    if "THROTTLED" in codes:
        wait = 1.0
        if throttle is not None:
            wait = max((throttle.requested - throttle.available) / throttle.rate, 0.1)
        raise _throttled(wait, request_id)
    _check_search(body, request_id, log)
    if body.get("errors") and not _has_data(data):
        log.warning("shopify.query_failed", codes=sorted(codes))
        if codes == {"ACCESS_DENIED"}:
            raise ForbiddenError(_REFUSALS[403][1], request_id=request_id)
        if "INTERNAL_SERVER_ERROR" in codes:
            raise _lost(request_id)
        raise QueryFailedError(
            "The shop could not answer this. It is in our log with its request id.",
            request_id=request_id,
        )
    if not isinstance(data, Mapping):
        raise _lost(request_id)
    denied = tuple(
        tuple(str(part) for part in _list(one.get("path")))
        for one in errors
        if _code(one) == "ACCESS_DENIED"
    )
    if errors:
        log.info("shopify.partial", codes=sorted(codes), denied=len(denied))
    return Answer(data=data, errors=tuple(errors), denied=denied, request_id=request_id)


def _check_search(body: Mapping[str, Any], request_id: str, log: Any) -> None:
    extensions = body.get("extensions")
    found = _list(extensions.get("search")) if isinstance(extensions, Mapping) else []
    warned = [one for one in found if isinstance(one, Mapping) and one.get("warnings")]
    if warned:
        log.error("shopify.search_ignored", warnings=len(warned))
        raise SearchIgnoredError(
            "The shop did not understand the search. Write it differently.", request_id=request_id
        )


def _has_data(data: Any) -> bool:
    return isinstance(data, Mapping) and any(value is not None for value in data.values())


def _code(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code") or "") if isinstance(extensions, Mapping) else ""


def _json_object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(float(response.headers.get("retry-after", "2")), 0.1)
    except ValueError:
        return 2.0


def _throttled(wait: float, request_id: str) -> ThrottledError:
    return ThrottledError(
        "The shop asks us to slow down. Try again in a few seconds.",
        wait=wait,
        request_id=request_id,
    )


def _lost(request_id: str) -> AnswerLostError:
    return AnswerLostError(
        "The shop did not answer. It is looked up whether it was done.", request_id=request_id
    )
