"""The form before the chat: what it asks, checked, and what comes of it."""

from collections.abc import Mapping
from typing import Any

from channels_app.chat.parse import clean_text
from channels_app.chat.services.by_email import checked_address
from channels_app.chat.services.consent import consent_line
from channels_app.chat.services.sessions import Visitor
from helpdesk.foundation.errors import HelpdeskError

MAX_NAME = 120
MAX_ORDER = 32
MAX_URL = 500


class InvalidFormError(HelpdeskError):
    """What is wrong, field by field."""

    code = "invalid"


def read_form(data: Mapping[str, Any], *, chosen: Mapping[str, Any]) -> Visitor:
    """Return the visitor of a form. Raises InvalidFormError with a sentence for each field."""
    faults: list[tuple[str, str]] = []
    name = _line(data, "name")
    if not name:
        faults.append(("name", "Enter your name."))
    elif len(name) > MAX_NAME:
        faults.append(("name", f"A name has at most {MAX_NAME} characters."))
    email = ""
    try:
        email = checked_address(_line(data, "email"))
    except HelpdeskError as error:
        faults.append(("email", error.message))
    order = _line(data, "order_number")
    if len(order) > MAX_ORDER:
        faults.append(("order_number", f"An order number has at most {MAX_ORDER} characters."))
    topic = _line(data, "topic")[:40]
    if data.get("website"):
        # A field that people never see.
        faults.append(("website", "Leave this field empty."))
    consents = data.get("consent") is True
    if not consents:
        faults.append(("consent", "Without your consent we may not keep what you write."))
    if faults:
        code = "consent_required" if [one for one, _ in faults] == ["consent"] else "invalid"
        raise InvalidFormError(faults[0][1], code=code, fields=faults)
    answers = {
        "topic": topic,
        "order_number": order,
        "page_url": web_address(_line(data, "page_url")),
    }
    return Visitor(
        name=name,
        email=email,
        consent_text=consent_line(chosen, _line(data, "locale")),
        locale=_line(data, "locale")[:12],
        attributes={key: value for key, value in answers.items() if value},
    )


def _line(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return " ".join(clean_text(value).split()) if isinstance(value, str) else ""


def web_address(text: str) -> str:
    """Return where the visitor is; "" unless it is a web address, because agents may click it."""
    return text[:MAX_URL] if text.startswith(("http://", "https://")) else ""
