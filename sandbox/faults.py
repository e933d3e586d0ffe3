"""Trouble on order: the next calls to a provider fail, wait, are throttled, doubled or hang."""

from dataclasses import asdict, dataclass
from typing import Any

MODES = ("fail", "delay", "throttle", "duplicate", "hang", "drop", "bounce")
#: Where in a conversation a fault strikes unless told otherwise. HTTP knows only ``data``.
DEFAULT_STAGE = {"throttle": "mail"}
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


class FaultError(ValueError):
    """The order makes no sense; the words say why."""


class Faults:
    """The orders that wait, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def order(self, wanted: dict[str, Any]) -> Fault:
        """Take an order as ``POST /faults`` brings it. Raises FaultError."""
        mode = str(wanted.get("mode", ""))
        if mode not in MODES:
            raise FaultError(f"mode must be one of {', '.join(MODES)}.")
        provider = str(wanted.get("provider", "")).lower()
        if not provider:
            raise FaultError("provider is missing: smtp, mailgun, postmark, sendgrid, ses, hooks.")
        try:
            fault = Fault(
                provider=ALIASES.get(provider, provider),
                mode=mode,
                times=max(0, int(wanted.get("times", 1))),
                at=str(wanted.get("at") or DEFAULT_STAGE.get(mode, "data")),
                to=str(wanted.get("to") or ""),
                code=int(wanted.get("code") or 0),
                text=str(wanted.get("text") or ""),
                seconds=float(wanted.get("seconds") or 2.0),
                error_code=int(wanted.get("error_code") or 0),
            )
        except (TypeError, ValueError) as error:
            raise FaultError("times, code, seconds and error_code must be numbers.") from error
        self._waiting.append(fault)
        return fault

    def take(self, provider: str, *, at: str = "data", to: str = "") -> Fault | None:
        """Return the order that strikes now, and count it."""
        for fault in self._waiting:
            if fault.provider == provider and fault.at == at and fault.to in {"", to}:
                if fault.times == 1:
                    self._waiting.remove(fault)
                elif fault.times:
                    fault.times -= 1
                return fault
        return None

    def waiting(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._waiting]

    def clear(self) -> None:
        self._waiting.clear()
