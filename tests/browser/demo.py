"""An installation with its demo, as ``bin/up`` starts it, seen from outside."""

import json
import subprocess
import sys
from functools import cached_property
from typing import Any

import httpx

from helpdesk.embedded import ROOT
from sandbox import esp, shopper
from tests.ground.installation import Installation, eventually


class Demo(Installation):
    """Everything ``bin/up`` starts, on a folder and ports of its own."""

    #: The shop's hours were set to day and night.
    is_open = False

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "helpdesk.up", *arguments]

    @cached_property
    def handles(self) -> dict[str, Any]:
        """What ``manage.py demo --json`` prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--json"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def url(self) -> str:
        return str(self.handles["base_url"])

    def channel(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.handles["channels"] if one["kind"] == kind)
        return found

    # The shoppers' mail -------------------------------------------------------------------

    def receive(self, raw: bytes, *, sender: str) -> str:
        """Hand a mail to the raw hook as its receiving server would. Returns its Message-ID."""
        mailbox = self.channel("email")
        mail = shopper.delivered(
            raw,
            recipient=mailbox["address"],
            sender=sender,
            authserv_id=mailbox["authserv_id"],
        )
        post = esp.sign_raw(mail, mailbox["secret"])
        answer = httpx.post(
            self.url + mailbox["webhook_path"], content=post.body, headers=post.headers, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return esp.message_id(raw)

    def outbox(self, to: str) -> list[dict[str, Any]]:
        """Return the mails that have reached an address, oldest first."""
        answer = httpx.get(
            self.handles["sandbox"]["outbox_url"], params={"channel": "email", "to": to}, timeout=30
        )
        found: list[dict[str, Any]] = answer.json()
        return found

    def mail_to(self, address: str, *, within: float = 60) -> dict[str, Any]:
        """Wait for the next mail in an address's mailbox and return the newest."""
        found = eventually(lambda: self.outbox(address), within=within, why=f"mail to {address}")
        newest: dict[str, Any] = found[-1]
        return newest

    def answer_mail(self, mail: dict[str, Any], text: str) -> None:
        """Let the shopper's mail client answer a mail of the outbox."""
        url = self.handles["sandbox"]["outbox_url"].replace("/outbox", "/shopper-reply")
        httpx.post(url, json={"id": mail["id"], "text": text}, timeout=30).raise_for_status()

    def trouble(self, **fault: Any) -> None:
        """Order trouble from the provider sandbox."""
        url = self.handles["sandbox"]["faults_url"]
        httpx.post(url, json=fault, timeout=30).raise_for_status()
