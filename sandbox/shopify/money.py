"""Amounts as Shopify writes them: decimal strings, digits by currency (shopify.md §6 Conventions)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

#: Digits after the point where they are not two (ISO 4217).
DIGITS = {
    "JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "ISK": 0, "XAF": 0, "XOF": 0, "UGX": 0, "PYG": 0,
    "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3, "IQD": 3, "LYD": 3,
}  # fmt: skip
ZERO = Decimal(0)


class AmountError(ValueError):
    """The amount cannot be one of this currency; the words say why."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the digits of the currency."""
    return amount.quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2)), ROUND_HALF_UP)


def read_amount(given: Any, currency: str) -> Decimal:
    """Read an amount that a caller sent. Raises AmountError for too many digits or no number."""
    try:
        amount = Decimal(str(given))
    except InvalidOperation as error:
        raise AmountError(f"{given!r} is not an amount") from error
    if not amount.is_finite():
        raise AmountError(f"{given!r} is not an amount")
    if amount != rounded(amount, currency):
        raise AmountError(f"{given} has too many decimals for {currency}")
    return rounded(amount, currency)


def written(amount: Decimal, currency: str) -> str:
    """Return the amount with the digits of its currency: "24.90", "1200", "1.250"."""
    return str(rounded(amount, currency))


@lru_cache(maxsize=8192)
def decimal_scalar(amount: Decimal, currency: str) -> str:
    """Return the amount as the ``Decimal`` scalar shows it: no padding, one digit at least ("24.9")."""
    text = written(amount, currency).rstrip("0") if DIGITS.get(currency, 2) else ""
    if not text:
        return f"{rounded(amount, currency)}.0"
    return f"{text}0" if text.endswith(".") else text


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """Return a ``MoneyV2``."""
    return {"amount": decimal_scalar(amount, currency), "currencyCode": currency}


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def share(whole: Decimal, part: int, of: int, currency: str) -> Decimal:
    """Return what ``part`` of ``of`` pieces make, so that shares of all pieces add up to the whole."""
    return rounded(whole * part / of, currency) if of else ZERO


def bag(amount: Decimal, order: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return a ``MoneyBag``: the customer's currency, and the shop's at the order's rate."""
    shop = amount * Decimal(order["rate"])
    return {
        "presentmentMoney": money(amount, order["currency"]),
        "shopMoney": money(shop, order["shop_currency"]),
    }
