"""P1 and P2 on a real installation whose processes are killed with -9 at random points."""

import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from helpdesk.embedded import ROOT
from sandbox.threaded import ThreadedSandbox
from tests.ground.installation import Installation, eventually

pytestmark = pytest.mark.faults

EVENTS = 500
REPLIES = 200
SENDERS = 60


@pytest.fixture(scope="module")
def sink():
    with ThreadedSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(
        tmp_path_factory.mktemp("faults") / "data",
        SWEEP_SECONDS="1",
        INBOUND_LEASE_SECONDS="4",
        OUTBOUND_LEASE_SECONDS="8",
        OUTBOUND_RETRY_SECONDS="0.5,1,1,1,1,1",
        OUTBOUND_LONGEST_PAUSE_SECONDS="1",
    )
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shop(installation, sink):
    return inside(installation, "open", sink.smtp_port)


def inside(installation, *arguments):
    """Run a step of seed.py with the installation's own settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.seed", *map(str, arguments)],
        cwd=ROOT,
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def mail(number, address):
    sender = number % SENDERS
    return (
        f"From: Customer {sender} <customer{sender}-{number}@example.test>\r\n"
        f"To: {address}\r\nSubject: Question {number}\r\n"
        f"Message-ID: <fault-{number}@example.test>\r\n"
        f"Date: Fri, 20 Nov 2026 12:00:00 +0000\r\n\r\nWhere is order {number}?\r\n"
    ).encode()


def post_until_taken(installation, shop, body):
    """Post like a provider: again, after a while, until somebody says 200."""
    digest = hmac.new(b"hook-secret", body, hashlib.sha256).hexdigest()
    url = f"http://127.0.0.1:{installation.port}{shop['path']}"
    for _ in range(120):
        with suppress(httpx.HTTPError):
            answer = httpx.post(
                url, content=body, headers={"X-Signature-256": f"sha256={digest}"}, timeout=10
            )
            assert answer.status_code != 403
            if answer.status_code == 200:
                return
        time.sleep(0.25)
    raise AssertionError("the hook never answered")


def children_of(pid):
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found]


class Killer(threading.Thread):
    """Kills a worker's child, a whole worker, or Valkey, again and again, until told to stop."""

    def __init__(self, installation, seed):
        super().__init__(daemon=True)
        self.installation = installation
        self.random = random.Random(seed)
        self.ended = threading.Event()
        self.kills: Counter[str] = Counter()

    def run(self):
        while not self.ended.wait(self.random.uniform(0.4, 1.2)):
            with suppress(OSError, KeyError, IndexError, ValueError):
                self.strike()

    def strike(self):
        pids = self.installation.pids()
        victim = self.random.choices(["child", "worker", "valkey"], weights=[6, 2, 1])[0]
        children = children_of(pids["worker"])
        pid = self.random.choice(children) if victim == "child" else pids[victim]
        os.kill(pid, signal.SIGKILL)
        self.kills[victim] += 1

    def stop(self):
        self.ended.set()
        self.join()


def test_every_acknowledged_event_becomes_exactly_one_message(installation, shop):
    """P1: 500 posts, a fifth of them duplicates, shuffled, while workers and Valkey die."""
    unique = [mail(number, shop["address"]) for number in range(EVENTS * 4 // 5)]
    posts = unique + random.Random(1).sample(unique, EVENTS - len(unique))
    random.Random(2).shuffle(posts)
    killer = Killer(installation, seed=3)
    killer.start()
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(post_until_taken, installation, shop, one) for one in posts]:
            done.result()
    time.sleep(3)
    killer.stop()

    def all_worked():
        told = inside(installation, "tell", shop["workspace"])
        busy = [state for state, _ in told["events"] if state in {"new", "claimed"}]
        return told if not busy else None

    told = eventually(all_worked, within=90, why="all events worked")
    assert Counter(state for state, _ in told["events"]) == {"done": len(unique)}
    assert sorted(told["received"]) == sorted(
        f"<fault-{number}@example.test>" for number in range(len(unique))
    )
    assert told["seqs_are_gapless"]
    assert sum(killer.kills.values()) >= 5, killer.kills


def test_every_customer_gets_at_most_one_copy_and_every_agent_the_truth(installation, shop, sink):
    """P2: 200 replies; the server fails, hangs and breaks off, workers die in the middle."""
    for number in range(8):
        sink.faults.order(
            {"provider": "smtp", "mode": "fail", "code": 451, "times": 4, "at": "mail"}
        )
        sink.faults.order(
            {"provider": "smtp", "mode": "fail", "code": 550, "times": 2, "at": "rcpt"}
        )
        sink.faults.order({"provider": "smtp", "mode": "drop", "times": 2, "at": "data"})
        sink.faults.order(
            {"provider": "smtp", "mode": "hang", "times": 1, "at": "data", "seconds": 3}
        )
        sink.faults.order(
            {"provider": "smtp", "mode": "drop", "times": 1 + number % 2, "at": "body"}
        )
    inside(installation, "reply", shop["workspace"], REPLIES)
    killer = Killer(installation, seed=5)
    killer.start()
    time.sleep(12)
    killer.stop()

    def all_settled():
        told = inside(installation, "tell", shop["workspace"])
        moving = [one for one in told["deliveries"] if one["state"] in {"queued", "sending"}]
        return told if not moving else None

    told = eventually(all_settled, within=180, why="all deliveries settled")
    copies = Counter(entry.to for entry in sink.outbox.find(channel="email"))
    assert len(told["deliveries"]) == REPLIES
    assert max(copies.values()) == 1
    for delivery in told["deliveries"]:
        sent = copies[delivery["to"]]
        if delivery["state"] == "accepted":
            assert sent == 1
        elif delivery["state"] == "failed":
            assert sent == 0
            assert delivery["text"].endswith((".", ")"))
        else:
            assert delivery["state"] == "unconfirmed"
            assert "may" in delivery["text"]
    states = Counter(one["state"] for one in told["deliveries"])
    assert states["accepted"] > REPLIES / 2
    assert states["failed"] > 0
    assert states["unconfirmed"] > 0
