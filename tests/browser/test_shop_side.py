"""The order beside the words, in a real browser, with the demo's own shop behind it."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.conftest import Open
from tests.browser.demo import Demo
from tests.browser.looking import Listener, faults
from tests.browser.people import Agent
from tests.ground.installation import eventually

pytestmark = pytest.mark.browser

SLOW = 60_000


def order(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=f"Order {name}")


def begins(page: Page, act: str, name: str) -> Locator:
    """Open the dialog of an action on an order."""
    order(page, name).get_by_role("button", name=f"{act}, order {name}").click()
    return page.get_by_role("dialog", name=f"{act} · {name}")


@pytest.fixture
def beside(demo: Demo, ida: Agent) -> Page:
    """Ida looks at Dana's mail about #1042; the shop's back-fill has reached it."""
    assert demo.handles["store"]["domain"] == "fjellmark.myshopify.com"

    def shown() -> bool:
        ida.open_inbox()
        ida.open("Dana Miller")
        return order(ida.page, "#1042").is_visible()

    eventually(shown, within=90, why="the order stands beside the mail that speaks of it")
    return ida.page


def test_the_order_spoken_of_is_open_with_pictures_and_tracking(beside):
    card = order(beside, "#1042")
    expect(card.get_by_role("button", name=re.compile("^#1042"))).to_have_attribute(
        "aria-expanded", "true"
    )
    expect(card.get_by_text("Nord 2 Tent")).to_be_visible()
    expect(card.get_by_role("region", name=re.compile("^Parcel"))).to_contain_text("Delivered")
    picture = card.locator("img").first
    drawn = "image => image.complete && image.naturalWidth > 0"
    eventually(lambda: picture.evaluate(drawn), within=30, why="the picture came through us")


def test_the_side_is_clean_by_day_and_night_wide_and_on_a_phone(
    demo: Demo, chromium: Browser, signed_in: dict[str, StorageState], beside
):
    context = chromium.new_context(base_url=demo.url, storage_state=signed_in["ida"])
    listener, page = Listener(context, demo.url), context.new_page()
    page.goto(beside.url)
    order(page, "#1042").wait_for()
    assert faults(page) == {}
    order(page, "#1006").get_by_role("button", name=re.compile("^#1006")).click()
    dialog = begins(page, "Refund", "#1006")
    dialog.get_by_role("button", name=re.compile("^One more of")).first.click()
    assert faults(page) == {}
    assert listener.complaints() == []
    context.close()


def test_keys_lead_to_the_order_and_its_tracking_link_into_the_reply(beside):
    agent = Agent(beside)
    agent.press("o")
    expect(order(beside, "#1042").get_by_role("button", name=re.compile("^#1042"))).to_be_focused()
    agent.composer.fill("Hi Dana,")
    agent.press("l")
    expect(agent.composer).to_have_value(re.compile(r"^Hi Dana, You can follow .*https://dhl\."))
    expect(agent.composer).to_be_focused()
    agent.composer.fill("")


def test_a_part_is_refunded_once_read_back_and_told(beside):
    dialog = begins(beside, "Refund", "#1042")
    dialog.get_by_role("button", name=re.compile("^One more of Ground Sheet")).click()
    dialog.get_by_label("Why").fill("The sheet was torn")
    dialog.get_by_role("button", name="Preview").click()
    confirm = dialog.get_by_role("button", name=re.compile(r"^Refund €59\.00$"))
    confirm.dblclick()
    expect(dialog.get_by_role("status")).to_contain_text("Done", timeout=SLOW)
    dialog.get_by_role("button", name="Tell the customer").click()
    expect(Agent(beside).composer).to_have_value(re.compile(r"We have refunded €59\.00.*#1042"))
    line = Agent(beside).thread.get_by_text("refund of €59.00 for #1042 (“The sheet was torn”)")
    expect(line).to_have_count(1, timeout=SLOW)
    back = order(beside, "#1042").get_by_text(re.compile(r"€59\.00 back .*The sheet was torn"))
    expect(back).to_be_visible(timeout=SLOW)
    Agent(beside).composer.fill("")


def test_above_an_agents_limit_the_owner_approves_in_the_story(
    beside, window: Open, signed_in: dict[str, StorageState]
):
    gus = Agent(window(storage_state=signed_in["gus"]).new_page())
    gus.open_inbox()
    gus.open("Dana Miller")
    dialog = begins(gus.page, "Refund", "#1042")
    dialog.get_by_role("button", name=re.compile("^One more of Nord 2 Tent")).click()
    dialog.get_by_label("Why").fill("Both poles are bent")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name=re.compile(r"^Ask for approval: refund €449\.00$")).click()
    expect(dialog.get_by_role("status")).to_contain_text("Waits for approval", timeout=SLOW)

    views = beside.get_by_role("navigation", name="Views")
    views.get_by_role("link", name="Approvals").click(timeout=SLOW)
    Agent(beside).open("Dana Miller")
    card = beside.get_by_role("region", name="Waits for approval")
    expect(card).to_contain_text("refund of €449.00 for #1042", timeout=SLOW)
    card.get_by_role("button", name="Approve").click()
    done = Agent(beside).thread.get_by_text(
        re.compile(r"did this: refund of €449\.00 .*approved by")
    )
    expect(done).to_be_visible(timeout=SLOW)
    expect(card).to_have_count(0)
    Agent(beside).look_at("All open")
    expect(views.get_by_role("link", name="Approvals")).to_have_count(0)


def test_somebody_the_shop_does_not_know_is_linked_by_hand(beside):
    agent = Agent(beside)
    agent.open("Lina")
    side = agent.customer
    side.get_by_role("button", name="Find the customer").click()
    side.get_by_label("Find a customer or an order").fill("greta")
    side.get_by_role("list", name="Found").get_by_role("button").first.click()
    expect(side.get_by_text("Linked by Ida Krogh")).to_be_visible()
    expect(side.get_by_text("claimed").first).to_be_visible()
    side.get_by_role("button", name=re.compile("^Link to ")).click()
    beside.get_by_role("menuitem", name="This is somebody else: unlink").click()
    expect(side.get_by_role("button", name="Find the customer")).to_be_visible()
