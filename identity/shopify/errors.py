"""What can go wrong between us and a shop, told apart by what may be done about it.

``sent`` says whether the request may have been carried out: a write is never repeated then, unless
it is safe to repeat. Messages are for people; Shopify's own words go to the log with its request id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.foundation.errors import HelpdeskError


class ShopifyError(HelpdeskError):
    """The base. ``request_id`` is what Shopify's support asks for."""

    code = "shopify"
    status = 502
    sent = False

    def __init__(self, message: str, *, request_id: str = "") -> None:
        super().__init__(message)
        self.request_id = request_id


class UnreachableError(ShopifyError):
    """No connection came about: nothing was sent."""

    code = "shop_unreachable"


class AnswerLostError(ShopifyError):
    """The request left and no usable answer came: it may have been carried out."""

    code = "shop_answer_lost"
    sent = True


class TokenRefusedError(ShopifyError):
    """401: the token is not valid (any more)."""

    code = "shop_token_refused"


class ShopFrozenError(ShopifyError):
    """402: the merchant has not paid Shopify."""

    code = "shop_frozen"


class ForbiddenError(ShopifyError):
    """403, or ACCESS_DENIED for everything that was asked: a scope is missing."""

    code = "shop_forbidden"


class ShopGoneError(ShopifyError):
    """404: there is no such shop."""

    code = "shop_gone"


class ShopLockedError(ShopifyError):
    """423: the shop is closed or locked."""

    code = "shop_locked"


class ThrottledError(ShopifyError):
    """The shop's budget is used up. Nothing ran; ``wait`` is in seconds."""

    code = "shop_throttled"
    status = 503

    def __init__(self, message: str, *, wait: float, request_id: str = "") -> None:
        super().__init__(message, request_id=request_id)
        self.wait = wait


class QueryFailedError(ShopifyError):
    """Shopify answered with errors and no data: our document or our input is wrong."""

    code = "shop_query_failed"


class SearchIgnoredError(ShopifyError):
    """A part of a search was not understood, so everything would have been returned."""

    code = "shop_search_ignored"


class DisconnectedError(ShopifyError):
    """The shop is not connected (any more), or waits for somebody to open the app there."""

    code = "shop_disconnected"
    status = 409


@dataclass(frozen=True, slots=True)
class UserError:
    """One refusal of a mutation, in Shopify's words."""

    message: str
    field: str = ""
    code: str = ""


class RefusedError(ShopifyError):
    """The mutation ran and refused: nothing was changed."""

    code = "shop_refused"
    status = 422

    def __init__(self, refusals: Sequence[UserError], *, request_id: str = "") -> None:
        words = " ".join(one.message.rstrip(".") + "." for one in refusals)
        super().__init__(f"The shop refused: {words}", request_id=request_id)
        self.refusals = tuple(refusals)


def user_errors(payload: Any) -> list[UserError]:
    """Return the refusals of one mutation's payload, whatever the list is called."""
    if not isinstance(payload, dict):
        return []
    found: list[UserError] = []
    for name, value in payload.items():
        if not name.casefold().endswith("usererrors") or not isinstance(value, list):
            continue
        found += [
            UserError(
                message=str(one.get("message") or "no reason given"),
                field=".".join(str(part) for part in one.get("field") or ()),
                code=str(one.get("code") or ""),
            )
            for one in value
            if isinstance(one, dict)
        ]
    return found
