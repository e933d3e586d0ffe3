"""P5 in the browser: after any break the screen is what a fresh load shows, each message once."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.demo import Demo
from tests.ground.installation import eventually

pytestmark = pytest.mark.browser


def cut(context: BrowserContext, demo: Demo) -> None:
    """Take the network from one browser. The server's end closes what the browser keeps open."""
    context.set_offline(True)
    demo.kill("web")
    eventually(demo.is_ready, within=60, why="the others can go on")


def test_reload_shows_what_was_shown(shopper, ida):
    shopper.start_chat("Is the rope dynamic?")
    ida.open(shopper.name)
    ida.answer("It is, 9.8 mm.")
    expect(ida.message("9.8 mm")).to_contain_text("Read")
    settled = ida.settled_screen()

    ida.reload()

    assert ida.settled_screen() == settled


def test_agent_comes_back_and_nothing_is_missing_or_double(demo, shopper, ida):
    shopper.start_chat("First line")
    ida.open(shopper.name)
    expect(ida.message("First line")).to_be_visible()

    cut(ida.page.context, demo)
    expect(ida.page.get_by_text("You are offline")).to_be_visible()
    for line in ("Second line", "Third line"):
        shopper.say(line)
        expect(shopper.written).to_contain_text(line)
    shopper.mail("By mail", "Fourth line")
    ida.answer("Written on the train")
    expect(ida.message("Written on the train")).to_contain_text("Kept here")
    ida.page.context.set_offline(False)

    # She had not seen what came meanwhile: her answer waits until she has.
    for line in ("First line", "Second line", "Third line", "Fourth line"):
        expect(ida.message(line)).to_have_count(1)
    expect(ida.page.get_by_text("wrote while you were writing")).to_be_visible()
    ida.page.get_by_role("button", name="Send it as it is").click()
    expect(ida.message("Written on the train")).to_contain_text("Sent", timeout=60_000)
    assert [mail["subject"] for mail in demo.outbox(shopper.email)] == ["Re: By mail"]
    expect(ida.message("Written on the train")).to_have_count(1)


def test_shopper_comes_back_and_nothing_is_missing_or_double(demo, shopper, ida):
    shopper.start_chat("Before the tunnel")
    ida.open(shopper.name)

    cut(shopper.page.context, demo)
    expect(shopper.panel).to_contain_text("No connection")
    shopper.say("In the tunnel")
    ida.answer("Are you still there?")
    expect(ida.message("Are you still there?").locator(".state")).to_have_text("Sent")
    shopper.page.context.set_offline(False)

    expect(ida.message("In the tunnel")).to_have_count(1)
    expect(shopper.written.get_by_text("Are you still there?")).to_have_count(1)
    expect(shopper.written.get_by_text("In the tunnel")).to_have_count(1)


def test_both_screens_are_whole_after_the_web_process_was_killed(demo, shopper, ida):
    shopper.start_chat("Before the crash")
    ida.open(shopper.name)
    expect(ida.message("Before the crash")).to_be_visible()

    demo.kill("web")
    shopper.say("During the crash")

    expect(ida.message("During the crash")).to_have_count(1)
    ida.answer("After the crash")
    expect(shopper.written.get_by_text("After the crash")).to_have_count(1)
    expect(ida.message("After the crash")).to_have_count(1)
    settled = ida.settled_screen()
    ida.reload()
    assert ida.settled_screen() == settled
