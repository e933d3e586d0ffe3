"""``bin/up --no-demo``: from nothing to the first answered visitor, with the browser alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.looking import Listener, faults
from tests.browser.people import Agent
from tests.ground.installation import Installation

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation nobody has set up."""
    installation = Installation(tmp_path_factory.mktemp("empty") / "data")
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def browser_window(empty: Installation, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=f"http://localhost:{empty.port}")
    context.set_default_timeout(30_000)
    yield context
    context.close()


def test_first_owner_sets_up_a_chat_and_answers_in_it(empty, browser_window):
    listener = Listener(browser_window, f"http://localhost:{empty.port}")
    page = browser_window.new_page()

    # Whoever comes first becomes the owner.
    page.goto("/")
    page.get_by_label("Name of your shop or team").fill("Nordlys")
    assert faults(page) == {}
    page.get_by_label("Your name").fill("Maja Berg")
    page.get_by_label("Your e-mail address").fill("maja@nordlys.example")
    page.get_by_label("Password").fill("a quiet harbour at night")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("navigation", name="Views").wait_for()
    assert faults(page) == {}

    # A chat, open around the clock, seen on an empty page of ours.
    page.goto("/settings/workspace/")
    for field in page.get_by_label("day, from").all():
        field.fill("00:00")
    for field in page.get_by_label("day, to").all():
        field.fill("24:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. New chats").wait_for()
    page.goto("/settings/channels/")
    assert faults(page) == {}
    page.get_by_role("link", name="Add chat").click()
    page.get_by_label("Name").fill("Nordlys")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("/widget/v1/loader.js")).to_be_visible()
    with browser_window.expect_page() as opened:
        page.get_by_role("link", name="Try the chat").click()

    visitor = opened.value
    visitor.get_by_role("button", name="Nordlys").click()
    panel = visitor.get_by_role("dialog", name="Nordlys")
    panel.get_by_label("Name", exact=True).fill("Visitor")
    panel.get_by_label("Email", exact=True).fill("visitor@shopper.example")
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Start chat").click()
    panel.get_by_label("Write a message").fill("Is anybody there?")
    panel.get_by_label("Write a message").press("Enter")

    owner = Agent(browser_window.new_page())
    owner.open_inbox("Unassigned")
    owner.open("Visitor")
    owner.answer("Yes, from the first minute.")
    expect(panel.get_by_role("log")).to_contain_text("Yes, from the first minute.")
    assert listener.complaints() == []
