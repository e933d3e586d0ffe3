"""An agent's day without a mouse: move, assign, snooze, close, search, look up the keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Shopper, some_name

pytestmark = pytest.mark.browser


def test_j_and_k_move_through_the_list(ida):
    rows = ida.page.get_by_role("option")

    ida.press("j")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    ida.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    who = rows.nth(1).locator(".row__who").inner_text()
    expect(ida.customer).to_contain_text(who)
    ida.press("k")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")


def test_question_mark_shows_every_shortcut_and_escape_leads_back(ida):
    ida.press("?")

    sheet = ida.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Next conversation")
    ida.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_assigned_snoozed_and_closed_by_keyboard(shopper, ida):
    shopper.mail("Stove", "Which gas fits the stove?")
    ida.open(shopper.name)

    ida.press("a")
    ida.page.get_by_role("menu").get_by_text("Gus Lind").click()
    expect(ida.page.get_by_role("button", name="Assigned to Gus Lind")).to_be_visible()

    ida.press("s")
    expect(ida.page.get_by_role("menuitem", name="In an hour")).to_be_focused()
    ida.page.keyboard.press("Enter")
    expect(ida.row(shopper.name)).to_have_count(0)
    ida.look_at("Snoozed")
    expect(ida.row(shopper.name)).to_contain_text("Until")

    ida.open(shopper.name)
    ida.press("e")
    expect(ida.row(shopper.name)).to_have_count(0)
    ida.look_at("Closed")
    expect(ida.row(shopper.name)).to_be_visible()


def test_closing_leads_to_the_next_one_and_can_be_undone(shopper, ida):
    shopper.mail("Stove", "Which gas fits the stove?")
    ida.open(shopper.name)
    following = ida.page.get_by_role("option").nth(1).locator(".row__who").inner_text()

    ida.press("e")

    expect(ida.row(shopper.name)).to_have_count(0)
    expect(ida.page.get_by_role("option", selected=True)).to_contain_text(following)
    ida.page.get_by_role("button", name="Undo", exact=True).click()
    expect(ida.row(shopper.name)).to_be_visible()


def test_slash_searches_what_was_said(demo, window, ida):
    writer = Shopper(window().new_page(), demo, some_name("Nils"))
    word = f"gjende{writer.name.split()[1]}"
    writer.mail("A question", f"Do you sell the {word.title()} hut slippers?")
    expect(ida.row(writer.name)).to_be_visible()

    ida.press("/")
    ida.page.keyboard.type(word)

    expect(ida.page.get_by_role("option")).to_have_count(1)
    expect(ida.row(writer.name)).to_be_visible()
    ida.page.keyboard.press("Escape")
    expect(ida.page.get_by_role("option").nth(1)).to_be_visible()
