"""The provider as a caller: posts to the product's hooks, again and again like the real ones."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from sandbox import esp
from sandbox.faults import Faults

#: Answers after which a provider gives a mail up (Mailgun 406, Postmark 403).
FINAL_ANSWERS = frozenset({403, 406})


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address whose mail we carry to a hook, as an MX record would."""

    address: str
    to_url: str
    secret: str = ""
    esp: str = "raw"
    channel_id: str = ""
    #: Put above mail we deliver, with ``dmarc=pass``, when given.
    authserv_id: str = ""


class Mailboxes:
    """Registered addresses, kept over a restart when there is a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = folder / "mailboxes.json" if folder else None
        self._known: dict[str, Mailbox] = {}
        if self._file and self._file.exists():
            for given in json.loads(self._file.read_text(encoding="utf-8")):
                self._known[given["address"]] = Mailbox(**given)

    def register(self, mailbox: Mailbox) -> None:
        self._known[mailbox.address.lower()] = mailbox
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            known = [asdict(item) for item in self._known.values()]
            self._file.write_text(json.dumps(known), encoding="utf-8")

    def find(self, address: str) -> Mailbox | None:
        """Return the mailbox of an address, with or without a plus part."""
        local, _, domain = address.lower().rpartition("@")
        return self._known.get(f"{local.partition('+')[0]}@{domain}") or self._known.get(
            address.lower()
        )

    def all(self) -> list[Mailbox]:
        return list(self._known.values())


class HookCaller:
    """Posts, doubles and repeats; ``hooks`` is the provider's name for faults."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def post(
        self,
        url: str,
        post: esp.Post,
        *,
        duplicates: int = 0,
        attempts: int = 1,
        pause: float = 0.2,
    ) -> list[dict[str, Any]]:
        """Post once and ``duplicates`` times more, each up to ``attempts`` times until 2xx."""
        fault = self._faults.take("hooks")
        if fault and fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.mode in {"fail", "drop", "hang"}:
            return []  # the provider lost it; what it shows is that nothing came
        if fault and fault.mode == "duplicate":
            duplicates += 1
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            answers: list[dict[str, Any]] = []
            for _ in range(1 + duplicates):
                answers += await self._until_taken(client, url, post, attempts, pause)
        return answers

    async def _until_taken(
        self, client: httpx.AsyncClient, url: str, post: esp.Post, attempts: int, pause: float
    ) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        for attempt in range(attempts):
            if attempt:
                await asyncio.sleep(pause * 2 ** (attempt - 1))
            try:
                response = await client.post(url, content=post.body, headers=post.headers)
            except httpx.HTTPError as error:
                answers.append({"status": 0, "error": f"{type(error).__name__}: {error}"})
                continue
            answers.append({"status": response.status_code, "body": response.text[:2000]})
            if response.is_success or response.status_code in FINAL_ANSWERS:
                break
        return answers
