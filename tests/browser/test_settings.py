"""Settings and sign-in as people meet them: live tests of channels, invitations, second factors."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import some_name

pytestmark = pytest.mark.browser

PASSWORD = "a quiet harbour at night"
INBOX = re.compile(r"://[^/]+/(inbox/.*)?(\?.*)?$")


@pytest.fixture
def office(window, signed_in) -> Page:
    """The owner's browser, in the settings."""
    page: Page = window(storage_state=signed_in["ida"]).new_page()
    page.goto("/settings/profile/")
    return page


@pytest.fixture
def newcomer(office: Page, window) -> tuple[BrowserContext, str]:
    """Somebody new, invited by the owner and signed in; with the address."""
    email = some_name("mara").replace(" ", ".") + "@staff.example"
    office.goto("/settings/members/")
    office.get_by_label("E-mail address").fill(email)
    office.get_by_role("button", name="Invite").click()
    link = office.locator("#invitation-link").inner_text().strip()
    context: BrowserContext = window()
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Mara Lund")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(INBOX)
    page.close()
    return context, email


def problems_of(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the window"] if wider else [])]


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove_it_is_me(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_chat_test_shows_the_message_arriving_and_the_answer_coming_back(demo, office, ida):
    chat = demo.channel("chat")
    office.goto(f"/settings/channels/{chat['id']}/")
    office.get_by_role("button", name="Send a test message").click()
    expect(office.get_by_text("Arrived in the inbox as")).to_be_visible()
    expect(office.get_by_text("Waiting for your answer")).to_be_visible()
    ida.open("Ida Krogh (test)")
    ida.answer("I can hear you.")
    expect(office.get_by_text("I can hear you.")).to_be_visible()
    expect(office.get_by_text("This chat works both ways.")).to_be_visible()
    office.get_by_role("button", name="Put the test away").click()
    expect(office.get_by_text("The test conversation is in the trash.")).to_be_visible()


def test_mail_test_goes_out_by_smtp_and_is_seen_coming_in(demo, office):
    mailbox = demo.channel("email")
    office.goto(f"/settings/channels/{mailbox['id']}/")
    office.get_by_role("button", name="Send me a mail").click()
    expect(office.get_by_text("Taken by the mail server for ida@")).to_be_visible()
    assert demo.mail_to("ida@fjellmark.example")
    office.get_by_role("button", name="Send a mail to").click()
    expect(office.get_by_text("Mail came in through raw")).to_be_visible()
    expect(office.get_by_text("it makes no conversation")).to_be_visible()


def test_failing_mail_test_says_what_happened(demo, office):
    office.goto(f"/settings/channels/{demo.channel('email')['id']}/")
    demo.trouble(provider="smtp", mode="fail", times=1)
    office.get_by_role("button", name="Send me a mail").click()
    expect(office.locator("#sent").get_by_role("alert")).to_be_visible()


def test_hours_preview_follows_what_is_typed(office):
    office.goto("/settings/workspace/")
    for edge, hour in (("from", "11:00"), ("to", "12:00")):
        office.get_by_label(f"Saturday, {edge}", exact=True).fill(hour)
    office.get_by_label("Saturday, to", exact=True).press("Tab")
    expect(office.get_by_text("you are back at 11:00")).to_be_visible()


def test_only_the_chosen_way_of_receiving_is_shown(demo, office):
    office.goto(f"/settings/channels/{demo.channel('email')['id']}/")
    expect(office.get_by_label("IMAP server")).to_be_hidden()
    office.get_by_label("IMAP: we look into the mailbox").check()
    expect(office.get_by_label("IMAP server")).to_be_visible()


def test_role_changed_in_the_list_is_saved_at_once(office, newcomer):
    office.goto("/settings/members/")
    office.get_by_label("Role of Mara Lund").last.select_option("Viewer")
    expect(office.get_by_text("Mara Lund is viewer now.")).to_be_visible()


def test_passkey_is_added_and_signs_in_without_a_password(newcomer):
    context, email = newcomer
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/2fa/webauthn/add/")
    prove_it_is_me(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("It alone signs me in").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Work laptop")).to_be_visible()
    assert problems_of(page) == []
    context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(INBOX)
    page.goto("/settings/profile/")
    expect(page.get_by_text(f"You sign in as {email}")).to_be_visible()


def test_authenticator_app_is_switched_on_and_then_asked_for(newcomer):
    context, email = newcomer
    page = context.new_page()
    page.goto("/accounts/2fa/totp/activate/")
    prove_it_is_me(page)
    assert problems_of(page) == []
    secret = page.locator("#totp-secret").inner_text().strip()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert problems_of(page) == []
    spare = page.locator("#codes").inner_text().split()[0]
    context.clear_cookies()
    sign_in(page, email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert problems_of(page) == []
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(INBOX)


def test_person_who_is_switched_off_is_out_with_the_next_click(office, newcomer):
    context, email = newcomer
    page = context.new_page()
    page.goto("/settings/profile/")
    office.goto("/settings/members/")
    office.on("dialog", lambda question: question.accept())
    row = office.get_by_role("row").filter(has_text=email)
    row.get_by_role("button", name="Switch off").click()
    expect(office.get_by_text("can't come in any more")).to_be_visible()
    page.reload()
    expect(page.get_by_text("you belong to no workspace now")).to_be_visible()
