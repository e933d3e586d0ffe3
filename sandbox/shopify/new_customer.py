"""Makes customers and addresses."""

from datetime import datetime
from typing import Any

from sandbox.shopify.clock import written
from sandbox.shopify.database import Database

COUNTRIES = {
    "NL": "Netherlands", "DE": "Germany", "FR": "France", "ES": "Spain", "GB": "United Kingdom",
    "US": "United States", "AT": "Austria", "BE": "Belgium", "IT": "Italy", "NO": "Norway",
    "SE": "Sweden", "DK": "Denmark", "CH": "Switzerland", "PT": "Portugal", "PL": "Poland",
    "IE": "Ireland", "JP": "Japan", "KW": "Kuwait", "IN": "India", "FI": "Finland", "CZ": "Czechia",
}  # fmt: skip


def address(number: int, first: str, last: str, country: str, **given: Any) -> dict[str, Any]:
    """Return a mailing address; ``given`` holds address1, city, zip and the like."""
    empty = dict.fromkeys(
        ("company", "address1", "address2", "city", "province", "provinceCode", "zip", "phone")
    )
    return {
        "id": number, "firstName": first, "lastName": last, "countryCodeV2": country,
        "country": COUNTRIES.get(country, country), **empty, **given,
    }  # fmt: skip


def consent(state: str, at: str | None = None) -> dict[str, Any]:
    """Return marketing consent as an e-mail address or a phone number carries it."""
    level = "SINGLE_OPT_IN" if state == "SUBSCRIBED" else None
    return {"marketingState": state, "marketingOptInLevel": level, "marketingUpdatedAt": at}


def new_customer(
    db: Database,
    first: str | None,
    last: str | None,
    *,
    created_at: datetime,
    email: str | None = None,
    phone: str | None = None,
    locale: str = "en",
    tags: list[str] | None = None,
    number: int | None = None,
    subscribed: bool = False,
) -> dict[str, Any]:
    """Return a customer without addresses. It is not stored."""
    at = written(created_at)
    return {
        "id": number or db.next_id("customer"), "firstName": first, "lastName": last,
        "email": email, "phone": phone, "locale": locale, "note": None, "tags": tags or [],
        "state": "DISABLED", "verifiedEmail": bool(email), "taxExempt": False, "createdAt": at,
        "updatedAt": at, "addresses": [], "default_address_id": None, "spendTier": None,
        "emailConsent": consent("SUBSCRIBED" if subscribed else "NOT_SUBSCRIBED", at if subscribed else None),
        "smsConsent": consent("NOT_SUBSCRIBED"),
    }  # fmt: skip


def add_address(customer: dict[str, Any], made: dict[str, Any]) -> None:
    customer["addresses"].append(made)
    if customer["default_address_id"] is None:
        customer["default_address_id"] = made["id"]
