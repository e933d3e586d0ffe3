"""The product's story in two browsers side by side: a shopper in the shop, an agent at the inbox."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.people import writes_until
from tests.ground.installation import eventually

pytestmark = pytest.mark.browser


def test_chat_goes_on_by_mail_and_stays_one_conversation(demo, shopper, ida):
    ida.page.evaluate("window.notReloaded = true")
    unread = ida.unread()

    # The shopper opens the chat, fills the form and writes.
    shopper.open_chat()
    shopper.fill_in(topic="My order", order="#1050")
    shopper.panel.get_by_role("button", name="Start chat").click()
    expect(shopper.panel).to_contain_text("Without your agreement we may not keep what you write")
    shopper.begin()
    shopper.say("Can my parcel go to Uppsala instead?")

    # It appears in the inbox by itself; the agent reads, the shopper sees that she did.
    expect(ida.row(shopper.name)).to_contain_text("Can my parcel go to Uppsala instead?")
    expect(ida.page).to_have_title(re.compile(rf"^\({unread + 1}\) Inbox"))
    ida.open(shopper.name)
    expect(ida.message("Can my parcel go to Uppsala")).to_be_visible()
    expect(shopper.panel).to_contain_text("Seen")
    expect(ida.page).to_have_title(re.compile(rf"^\({unread}\) Inbox"))

    # Each sees the other write; the answer waits ten seconds for second thoughts and arrives.
    writes_until(ida.composer, shopper.panel.get_by_text("Ida Krogh is typing"))
    ida.write("Yes, I changed the address.")
    ida.send()
    expect(ida.message("I changed the address")).to_contain_text("Sends in")
    expect(shopper.written).to_contain_text("Yes, I changed the address.")
    expect(ida.message("I changed the address")).to_contain_text("Read")
    writes_until(shopper.box, ida.page.get_by_text(f"{shopper.name} is writing"))

    # The shopper goes on by mail: the same conversation, the same person.
    first_mail = shopper.mail("My parcel", "One more thing: please leave it at the door.")
    expect(ida.message("please leave it at the door")).to_be_visible()
    expect(ida.row(shopper.name)).to_have_count(1)
    expect(ida.thread).to_contain_text("Continued by email")
    expect(ida.customer).to_contain_text(shopper.email)

    # The answer takes the channel used last, and threads in the shopper's mailbox.
    expect(ida.composer).to_have_attribute("aria-label", f"Reply, Email to {shopper.email}")
    ida.answer("It will lie at the door.")
    sent = demo.mail_to(shopper.email)
    assert sent["headers"]["In-Reply-To"] == first_mail
    assert first_mail in sent["headers"]["References"].split()
    assert sent["headers"]["Reply-To"] != demo.channel("email")["address"]
    assert "It will lie at the door." in sent["body"]
    expect(ida.message("It will lie at the door")).to_contain_text("Sent")

    # Her mail client answers: it comes back into the same conversation.
    demo.answer_mail(sent, "Perfect, thank you!")
    expect(ida.mail_frame().get_by_text("Perfect, thank you!")).to_be_visible()
    expect(ida.row(shopper.name)).to_have_count(1)
    assert ida.page.evaluate("window.notReloaded")


def test_reply_taken_back_within_ten_seconds_is_never_sent(demo, shopper, ida):
    shopper.mail("Which size?", "S or M?")
    ida.open(shopper.name)
    ida.write("Take the M.")
    ida.send()

    ida.message("Take the M.").get_by_role("button", name="Undo", exact=True).click()

    expect(ida.composer).to_have_value("Take the M.")
    expect(ida.message("Take the M.")).to_have_count(0)
    # A later reply leaves after its own ten seconds, by when the first would have left too.
    ida.write("Take the S.")
    ida.send()
    demo.mail_to(shopper.email)
    (sent,) = demo.outbox(shopper.email)
    assert "Take the S." in sent["body"]


def test_chat_opens_when_the_app_arrives_while_the_button_is_held(demo, shopper):
    app: list[Route] = []
    shopper.page.route("**/widget/app-*.js", lambda route: app.append(route))
    shopper.page.goto("/demo-shop/")
    shopper.launcher.hover()
    shopper.page.mouse.down()

    with shopper.page.expect_response("**/dist/widget-*.json"):
        eventually(
            lambda: shopper.page.wait_for_timeout(20) or app, within=30, why="app is asked for"
        )
        app[0].continue_()
    shopper.page.wait_for_load_state("networkidle")
    shopper.page.mouse.up()

    expect(shopper.panel).to_be_visible()


def test_note_stays_among_the_team(shopper, ida):
    shopper.start_chat("Hello, is anybody there?")
    ida.open(shopper.name)

    ida.press("n")
    ida.composer.fill("She is a regular; be generous.")
    ida.page.keyboard.press("Control+Enter")

    expect(ida.message("be generous")).to_have_accessible_name(re.compile("^Private note from Ida"))
    ida.press("r")
    ida.answer("Yes! How can I help?")
    expect(shopper.written).to_contain_text("Yes! How can I help?")
    expect(shopper.written).not_to_contain_text("be generous")


def test_files_travel_both_ways(shopper, ida, picture, pdf):
    shopper.start_chat("The pole is bent, look:")
    shopper.attach("pole.png", "image/png", picture)
    ida.open(shopper.name)
    seen = ida.thread.get_by_role("img", name="pole.png")
    expect(seen).to_be_visible()
    expect(seen).to_have_js_property("naturalWidth", 320)

    ida.attach("label.pdf", "application/pdf", pdf)
    ida.answer("Send it back with this label.")

    link = shopper.written.get_by_role("link", name="label.pdf")
    expect(link).to_be_visible()
    assert shopper.page.request.get(link.get_attribute("href")).body() == pdf


def test_failed_delivery_is_told_in_words_and_sent_again(demo, shopper, ida):
    shopper.mail("Invoice", "Please send me the invoice again.")
    ida.open(shopper.name)
    wrong_password = {"code": 535, "text": "5.7.8 Username and password not accepted"}
    demo.trouble(provider="smtp", mode="fail", times=1, to=shopper.email, **wrong_password)

    ida.answer("Here it is.")

    failed = ida.message("Here it is.")
    expect(failed).to_contain_text("Not sent")
    expect(failed.get_by_role("alert")).to_contain_text("did not accept the user name and password")
    failed.get_by_role("button", name="Try again").click()
    expect(failed.locator(".state")).to_have_text("Sent")
    expect(failed.get_by_role("alert")).to_have_count(0)
    assert len(demo.outbox(shopper.email)) == 1


def test_answer_nobody_confirmed_is_shown_as_that_and_sent_again_only_when_told(demo, shopper, ida):
    shopper.mail("Invoice", "Please send me the invoice again.")
    ida.open(shopper.name)
    demo.trouble(provider="smtp", mode="drop", times=1, to=shopper.email)

    ida.answer("Here it is.")

    unsure = ida.message("Here it is.")
    expect(unsure).to_contain_text("Perhaps not sent")
    assert len(demo.outbox(shopper.email)) == 1
    unsure.get_by_role("button", name="Send again anyway").click()
    expect(unsure.locator(".state")).to_have_text("Sent")
    assert len(demo.outbox(shopper.email)) == 2


def test_two_agents_see_each_other_at_one_conversation(shopper, ida, gus):
    shopper.start_chat("Who of you answers me?")
    ida.open(shopper.name)
    gus.open(shopper.name)
    expect(ida.page.get_by_text("Gus Lind is looking at this")).to_be_visible()

    writes_until(gus.composer, ida.page.get_by_text("Gus Lind is writing"))
    gus.press("t")

    expect(ida.page.get_by_role("button", name="Assigned to Gus Lind")).to_be_visible()
    expect(ida.thread).to_contain_text("Gus Lind took this")
