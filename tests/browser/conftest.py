"""One installation with its demo, and the browsers of the people in it."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, StorageState, StorageStateCookie

from tests.browser.demo import Demo
from tests.browser.people import Agent, Shopper, some_name

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """What ``bin/up`` starts, ready. All stories of a session happen in it."""
    installation = Demo(tmp_path_factory.mktemp("demo") / "data")
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def signed_in(demo: Demo) -> dict[str, StorageState]:
    """The cookies of each agent, by first name."""
    return {who["email"].partition("@")[0]: _sign_in(demo, who) for who in demo.handles["agents"]}


def _sign_in(demo: Demo, who: dict[str, str]) -> StorageState:
    with httpx.Client(base_url=demo.url, timeout=30, headers={"Referer": demo.url}) as browser:
        page = browser.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        answer = browser.post(
            "/accounts/login/",
            data={
                "csrfmiddlewaretoken": token[1],
                "login": who["email"],
                "password": who["password"],
            },
        )
        assert answer.status_code == 302, answer.text
        cookies = [
            StorageStateCookie(
                name=cookie.name,
                value=cookie.value or "",
                domain="localhost",
                path="/",
                expires=-1,
                httpOnly=True,
                secure=False,
                sameSite="Lax",
            )
            for cookie in browser.cookies.jar
        ]
    return StorageState(cookies=cookies, origins=[])


@pytest.fixture(scope="module")
def open_hours(demo: Demo, chromium: Browser, signed_in: dict[str, StorageState]) -> None:
    """The shop is open day and night: stories do not depend on when they are run."""
    if demo.is_open:
        return
    context = chromium.new_context(base_url=demo.url, storage_state=signed_in["ida"])
    page = context.new_page()
    page.goto("/settings/workspace/")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(f"{day}, from").first.fill("00:00")
        page.get_by_label(f"{day}, to").first.fill("24:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. New chats").wait_for()
    context.close()
    demo.is_open = True


@pytest.fixture
def window(demo: Demo, chromium: Browser) -> Iterator[Open]:
    """Open browser windows of their own; they close with the test."""
    opened: list[BrowserContext] = []

    def open_one(**how: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=demo.url, viewport={"width": 1440, "height": 900}, **how
        )
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A PNG, 320 points wide."""
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), "#8fae7b").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """An empty page."""
    kept = io.BytesIO()
    Image.new("RGB", (200, 280), "white").save(kept, "PDF")
    return kept.getvalue()


@pytest.fixture
def shopper(demo: Demo, open_hours: None, window: Open) -> Shopper:
    return Shopper(window().new_page(), demo, some_name("Vera"))


@pytest.fixture
def ida(signed_in: dict[str, StorageState], window: Open) -> Agent:
    """The owner, at the inbox."""
    agent = Agent(window(storage_state=signed_in["ida"]).new_page())
    agent.open_inbox()
    return agent


@pytest.fixture
def gus(signed_in: dict[str, StorageState], window: Open) -> Agent:
    """Her colleague, at the inbox."""
    agent = Agent(window(storage_state=signed_in["gus"]).new_page())
    agent.open_inbox()
    return agent
