"""Trouble on order: the next calls to a provider fail, wait, are throttled, doubled or hang."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

MODES = (
    "fail", "delay", "throttle", "duplicate", "hang", "drop", "bounce",
    # The store's own (sandbox/shopify/trouble.py).
    "timeout_after_commit", "scope_loss", "frozen", "gone", "locked", "expired_token", "pending",
)  # fmt: skip
#: Where in a conversation a fault strikes unless told otherwise. HTTP knows only ``data``.
DEFAULT_STAGE = {"throttle": "mail"}
#: The store has its own places: any call, a read, a write, a token, a webhook.
STORE_STAGE = {
    "duplicate": "webhook",
    "drop": "webhook",
    "timeout_after_commit": "write",
    "pending": "write",
}
ALIASES = {"email": "smtp", "mail": "smtp"}


@dataclass(slots=True)
class Fault:
    """One order. ``times`` counts down; 0 means until cleared."""

    provider: str
    mode: str
    times: int = 1
    #: ``mail``, ``rcpt``, ``body`` (while the mail is on its way) or ``data`` (when it is there).
    at: str = "data"
    #: Only for this recipient, "" for any.
    to: str = ""
    #: SMTP or HTTP status to answer with, 0 for the mode's own.
    code: int = 0
    text: str = ""
    seconds: float = 2.0
    #: The provider's own error number inside the answer, such as Postmark's 406.
    error_code: int = 0
    #: Only for the GraphQL operation of this name, "" for any.
    only: str = ""


class FaultError(ValueError):
    """The order makes no sense; the words say why."""


class Faults:
    """The orders that wait, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, wanted: dict[str, Any]) -> Fault:
        """Take an order as ``POST /faults`` brings it. Raises FaultError."""
        mode = str(wanted.get("mode", ""))
        if mode not in MODES:
            raise FaultError(f"mode must be one of {', '.join(MODES)}.")
        provider = str(wanted.get("provider", "")).lower()
        if not provider:
            raise FaultError(
                "provider is missing: smtp, mailgun, postmark, sendgrid, ses, hooks, shopify."
            )
        stages = STORE_STAGE if provider == "shopify" else DEFAULT_STAGE
        try:
            fault = Fault(
                provider=ALIASES.get(provider, provider),
                mode=mode,
                times=max(0, int(wanted.get("times", 1))),
                at=str(wanted.get("at") or stages.get(mode, "data")),
                to=str(wanted.get("to") or ""),
                code=int(wanted.get("code") or 0),
                text=str(wanted.get("text") or ""),
                seconds=float(wanted.get("seconds") or 2.0),
                error_code=int(wanted.get("error_code") or 0),
                only=str(wanted.get("only") or ""),
            )
        except (TypeError, ValueError) as error:
            raise FaultError("times, code, seconds and error_code must be numbers.") from error
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(
        self, provider: str, *, at: str = "data", to: str = "", only: str = ""
    ) -> Fault | None:
        """Return the order that strikes now, and count it. Safe from several threads."""
        with self._lock:
            for fault in self._waiting:
                if fault.provider != provider or fault.at != at:
                    continue
                if fault.to in {"", to} and fault.only in {"", only}:
                    self._count(fault)
                    return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times == 1:
            self._waiting.remove(fault)
        elif fault.times:
            fault.times -= 1

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
