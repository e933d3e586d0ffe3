"""Every page: clean for axe by day and night, wide and on a phone, quiet, and on its own host only."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.demo import Demo
from tests.browser.looking import WIDE, Listener, faults
from tests.browser.people import Agent, Shopper, some_name
from tests.ground.installation import eventually

pytestmark = pytest.mark.browser

SETTINGS = (
    "/settings/members/",
    "/settings/teams/",
    "/settings/teams/new/",
    "/settings/workspace/",
    "/settings/profile/",
    "/settings/api-keys/",
    "/settings/policies/",
    "/settings/privacy/",
    "/settings/saved-replies/",
    "/settings/saved-replies/new/",
    "/settings/shops/",
    "/settings/channels/",
    "/settings/channels/new/chat/",
    "/settings/channels/new/email/",
    "/settings/inbound-events/",
    "/settings/inbound-events/?state=done",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/logout/",
)
#: Pages one link away from another: where they are found, and the link.
BEHIND = (
    ("/settings/teams/", "Change"),
    ("/settings/saved-replies/", "Change"),
    ("/settings/inbound-events/?state=done", re.compile(r"20\d\d")),
)
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/")
ERRORS = (("/settings/nothing/", 404), ("/invitations/used-up/", 410), ("/sign-in/used-up/", 410))


class Looker:
    """One window that goes from page to page."""

    def __init__(self, page: Page, listener: Listener) -> None:
        self.page = page
        self.listener = listener

    def go(self, path: str) -> Page:
        """Open a page as it is on a large screen by day."""
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.goto(path)
        return self.page

    def finds_nothing_wrong(self, *, status: int = 200) -> bool:
        assert faults(self.page) == {}
        assert self.listener.complaints(status=status) == []
        return True


OpenLooker = Callable[[StorageState | None], Looker]


@pytest.fixture(scope="module")
def lookers(demo: Demo, chromium: Browser) -> Iterator[OpenLooker]:
    """Windows of this file's own, one for each set of cookies."""
    windows = []

    def open_one(state: StorageState | None) -> Looker:
        context = chromium.new_context(base_url=demo.url, storage_state=state)
        context.set_default_timeout(30_000)
        windows.append(context)
        return Looker(context.new_page(), Listener(context, demo.url))

    yield open_one
    for context in windows:
        context.close()


@pytest.fixture(scope="module")
def owner(lookers: OpenLooker, signed_in: dict[str, StorageState]) -> Looker:
    return lookers(signed_in["ida"])


@pytest.fixture(scope="module")
def agent(lookers: OpenLooker, signed_in: dict[str, StorageState]) -> Looker:
    return lookers(signed_in["gus"])


@pytest.fixture(scope="module")
def stranger(lookers: OpenLooker) -> Looker:
    return lookers(None)


@pytest.fixture
def written(demo: Demo) -> None:
    """A mail has come in, so that lists of events have a line."""
    mailbox = demo.channel("email")["address"]
    sender = f"{uuid.uuid4().hex[:8]}@shopper.example"
    mail = f"From: {sender}\r\nTo: {mailbox}\r\nSubject: Hello\r\n\r\nHello\r\n"
    demo.receive(mail.encode(), sender=sender)


# --- Settings and sign-in ----------------------------------------------------------------------


@pytest.mark.parametrize("path", SETTINGS)
def test_settings_page_is_clean(owner, path):
    owner.go(path)
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize(("path", "link"), BEHIND, ids=str)
def test_page_behind_a_list_is_clean(owner, written, path, link):
    owner.go(path).get_by_role("main").get_by_role("link", name=link).first.click()
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize("kind", ["chat", "email"])
def test_page_of_a_channel_is_clean(demo, owner, kind):
    owner.go(f"/settings/channels/{demo.channel(kind)['id']}/")
    assert owner.finds_nothing_wrong()


def test_empty_page_with_the_chat_is_clean(demo, owner):
    page = owner.go(f"/settings/channels/{demo.channel('chat')['id']}/try/")
    page.get_by_role("button", name="Fjellmark").wait_for()
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize("path", OUTSIDE)
def test_page_before_signing_in_is_clean(stranger, path):
    stranger.go(path)
    assert stranger.finds_nothing_wrong()


def test_wrong_password_is_told_on_a_clean_page(stranger):
    page = stranger.go("/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{some_name('x').split()[1]}@nobody.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").first.wait_for()
    assert stranger.finds_nothing_wrong()


def test_forgotten_password_is_replaced_on_clean_pages(demo, stranger):
    page = stranger.go("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill("gus@fjellmark.example")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/reset/done/")
    assert stranger.finds_nothing_wrong()
    link = eventually(
        lambda: re.findall(r"/accounts/password/reset/key/\S+", demo.log()),
        within=30,
        why="the mail with the link is in the log",
    )[-1]
    stranger.go(link).get_by_label("New password").wait_for()
    assert stranger.finds_nothing_wrong()


def test_invitation_is_clean_for_whoever_opens_it(owner, stranger):
    page = owner.go("/settings/members/")
    page.get_by_label("E-mail address").fill(f"{uuid.uuid4().hex[:8]}@staff.example")
    page.get_by_role("button", name="Invite").click()
    link = page.locator("#invitation-link").inner_text().strip()
    assert owner.finds_nothing_wrong()

    owner.go(link).get_by_role("heading").first.wait_for()
    assert owner.finds_nothing_wrong()
    stranger.go(link).get_by_label("Your name").wait_for()
    assert stranger.finds_nothing_wrong()


def test_invitation_of_somebody_with_an_account_asks_to_sign_in(owner, stranger):
    page = owner.go("/settings/members/")
    page.get_by_label("E-mail address").fill("eve@seaside.example")
    page.get_by_role("button", name="Invite").click()
    link = page.locator("#invitation-link").inner_text().strip()

    stranger.go(link).get_by_role("link", name="Sign in").wait_for()
    assert stranger.finds_nothing_wrong()


@pytest.mark.parametrize(("path", "status"), ERRORS)
def test_error_page_is_clean(owner, stranger, path, status):
    looker = stranger if status == 410 else owner
    looker.go(path)
    assert looker.finds_nothing_wrong(status=status)


def test_page_not_open_to_an_agent_is_clean(agent):
    agent.go("/settings/members/")
    assert agent.finds_nothing_wrong(status=403)


# --- The inbox -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Dana Miller", "Tom Nguyen", "Greta Holm", "Hanne Dahl"])
def test_open_conversation_is_clean(owner, who):
    _conversation(owner, who)
    assert owner.finds_nothing_wrong()


def test_open_mail_follows_when_night_falls(owner):
    """axe does not look into the frame of a mail; its words have to take the page's new colour."""
    _conversation(owner, "Hanne Dahl")
    owner.page.emulate_media(color_scheme="light")
    frame = owner.page.locator("iframe.mail").first
    words = owner.page.frame_locator("iframe.mail").first.locator("body")
    colour = "one => getComputedStyle(one).color"
    by_day = words.evaluate(colour)

    owner.page.emulate_media(color_scheme="dark")

    expect(words).to_have_css("color", frame.evaluate(colour))
    assert words.evaluate(colour) != by_day


def test_inbox_with_nothing_open_is_clean(owner):
    _inbox(owner)
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize("view", ["Waiting", "Snoozed", "Closed", "Spam", "Trash"])
def test_view_is_clean(owner, view):
    _inbox(owner).look_at(view)
    owner.page.get_by_role("heading", name=view).wait_for()
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize(
    ("key", "sheet"),
    [
        ("?", "Keyboard shortcuts"),
        ("c", "New conversation"),
        ("f", "Forward"),
        ("Control+k", "Search or jump"),
    ],
)
def test_sheet_over_the_inbox_is_clean(owner, key, sheet):
    _conversation(owner, "Dana Miller").press(key)
    owner.page.get_by_role("dialog", name=sheet).wait_for()
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize(
    "menu", ["More", "Snooze", "Assign", "Add a filter", "You and this browser"]
)
def test_menu_of_the_inbox_is_clean(owner, menu):
    _conversation(owner, "Dana Miller")
    owner.page.get_by_role("button", name=menu).first.click()
    owner.page.get_by_role("menu").wait_for()
    assert owner.finds_nothing_wrong()


def test_writing_a_note_is_clean(owner):
    _conversation(owner, "Dana Miller").press("n")
    owner.page.get_by_role("textbox", name="Private note").wait_for()
    assert owner.finds_nothing_wrong()


@pytest.mark.parametrize("words", ["tent", "nothing says this"])
def test_search_is_clean(owner, words):
    inbox = _inbox(owner)
    inbox.press("/")
    with owner.page.expect_response(re.compile(r"/conversations\?.*q=")):
        owner.page.keyboard.type(words)
    owner.page.get_by_text(re.compile("^Search$|Nothing found")).first.wait_for()
    assert owner.finds_nothing_wrong()


# --- The shop -------------------------------------------------------------------------------------


@pytest.fixture
def visitor(demo, stranger, open_hours) -> Shopper:
    """Somebody at the shop whom the shop does not know."""
    page = stranger.go("/demo-shop/")
    page.evaluate("localStorage.clear()")
    stranger.go("/demo-shop/")
    return Shopper(page, demo, some_name("Vera"))


def test_shop_with_its_chat_button_is_clean(stranger, visitor):
    visitor.launcher.wait_for()
    assert stranger.finds_nothing_wrong()


def test_form_before_the_chat_is_clean_also_when_filled_in_wrong(stranger, visitor):
    visitor.open_chat()
    visitor.panel.get_by_text("My order", exact=True).click()
    visitor.panel.get_by_role("button", name="Start chat").click()
    visitor.panel.get_by_text("Enter your name.").wait_for()
    assert stranger.finds_nothing_wrong()


def test_chat_with_its_menu_and_questions_is_clean(stranger, visitor):
    visitor.start_chat("Is the stove back? https://fjellmark.example/stove")
    visitor.panel.get_by_text("Sent").wait_for()
    assert stranger.finds_nothing_wrong()
    visitor.panel.get_by_role("button", name="More").click()
    assert stranger.finds_nothing_wrong()
    visitor.panel.get_by_role("button", name="Continue by email").click()
    visitor.panel.get_by_text("Where should we answer?").wait_for()
    assert stranger.finds_nothing_wrong()


@pytest.mark.parametrize("good", [True, False])
def test_contact_form_without_scripts_is_clean(demo, stranger, good):
    page = stranger.go(f"/widget/v1/{demo.channel('chat')['public_key']}/form")
    assert stranger.finds_nothing_wrong()
    if good:
        page.get_by_label("Name").fill("Nora")
        page.get_by_label("E-mail").fill("nora@shopper.example")
        page.get_by_label("message").fill("Hello!")
        page.get_by_role("checkbox").check()
    page.get_by_role("button").click()
    assert stranger.finds_nothing_wrong(status=200 if good else 400)


def _inbox(looker: Looker) -> Agent:
    looker.go("/inbox/?view=all")
    looker.page.get_by_role("option").first.wait_for()
    return Agent(looker.page)


def _conversation(looker: Looker, who: str) -> Agent:
    """Open a demo customer's conversation, wherever in the list it is by now."""
    found = looker.page.context.request.get("/api/v1/conversations", params={"q": who}).json()
    looker.go(f"/inbox/{found['results'][0]['id']}/?view=all")
    agent = Agent(looker.page)
    agent.composer.wait_for()
    return agent
