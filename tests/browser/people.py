"""The two people of every story and how they use their screens: a shopper and an agent."""

import re
import uuid
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page

from sandbox import shopper as mail_client
from tests.browser.demo import Demo
from tests.ground.installation import eventually

SCREEN = """() => {
  const words = (element) => {
    const copy = element?.cloneNode(true);
    copy?.querySelectorAll("time").forEach((time) => time.remove());
    return copy?.textContent;
  };
  return {
    rows: [...document.querySelectorAll(".row")].map((row) => [
      row.id, row.className, row.getAttribute("aria-selected"), words(row),
    ]),
    counts: [...document.querySelectorAll(".rail a")].map(words),
    said: [...document.querySelectorAll(".thread__body > *")].map(words),
    draft: document.querySelector("textarea.composer__text")?.value,
    customer: words(document.querySelector(".side")),
  };
}"""


def some_name(first: str) -> str:
    """Return a name nobody else has: stories share one installation."""
    return f"{first} {uuid.uuid4().hex[:6]}"


def writes_until(field: Locator, sign: Locator) -> None:
    """Type on until the other side sees it: a sign that was lost is repeated, not kept."""

    def seen() -> bool:
        field.press_sequentially("w")
        field.page.wait_for_timeout(300)
        return sign.is_visible()

    eventually(seen, within=60, why="the other side sees that somebody writes")


class Shopper:
    """Somebody on the demo shop's page, with a mail client besides."""

    def __init__(self, page: Page, demo: Demo, name: str) -> None:
        self.page = page
        self.demo = demo
        self.name = name
        self.email = f"{name.lower().replace(' ', '.')}@shopper.example"

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog", name="Fjellmark")

    @property
    def written(self) -> Locator:
        """What the chat shows as said."""
        return self.panel.get_by_role("log")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Fjellmark", exact=True)

    def open_chat(self) -> None:
        if self.page.url == "about:blank":
            self.page.goto("/demo-shop/")
        self.launcher.click()

    def fill_in(self, *, topic: str = "Shipping", order: str = "") -> None:
        self.panel.get_by_text(topic, exact=True).click()
        if order:
            self.panel.get_by_label("Order number").fill(order)
        self.panel.get_by_label("Name", exact=True).fill(self.name)
        self.panel.get_by_label("Email", exact=True).fill(self.email)

    def begin(self, *, topic: str = "Shipping", order: str = "") -> None:
        self.panel.get_by_role("checkbox").check()
        self.panel.get_by_role("button", name="Start chat").click()

    def start_chat(self, text: str) -> None:
        """Go all the way from the shop's page to the first message."""
        self.open_chat()
        self.fill_in()
        self.begin()
        self.say(text)

    @property
    def box(self) -> Locator:
        return self.panel.get_by_label("Write a message")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def attach(self, name: str, content_type: str, content: bytes) -> None:
        """Send a file in the chat."""
        self.panel.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": content_type, "buffer": content}
        )
        self.panel.get_by_label(f"Uploading {name}").wait_for(state="detached")
        self.panel.get_by_label("Send", exact=True).click()

    def mail(self, subject: str, text: str) -> str:
        """Write to the shop by mail. Returns the Message-ID."""
        mailbox = self.demo.channel("email")["address"]
        raw = mail_client.first_mail(
            sender=self.email, name=self.name, to=mailbox, subject=subject, text=text
        )
        return self.demo.receive(raw, sender=self.email)


class Agent:
    """Somebody of the shop's team at the inbox."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_inbox(self, view: str = "All open") -> None:
        self.page.goto("/inbox/")
        self.look_at(view)
        self.page.get_by_text("Connected", exact=True).wait_for()

    def reload(self) -> None:
        self.page.reload()
        self.page.get_by_text("Connected", exact=True).wait_for()

    def unread(self) -> int:
        """The number in the window's title."""
        found = re.match(r"\((\d+)", self.page.title())
        return int(found[1]) if found else 0

    def look_at(self, view: str) -> None:
        self.page.get_by_role("navigation", name="Views").get_by_role(
            "link", name=view
        ).first.click()

    def row(self, name: str) -> Locator:
        """A conversation in the list, by the customer's name."""
        return self.page.get_by_role("option").filter(has_text=name)

    def open(self, name: str) -> None:
        self.row(name).click()
        self.page.get_by_role("heading", level=1).first.wait_for()
        self.composer.wait_for()

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def customer(self) -> Locator:
        return self.page.get_by_role("complementary", name="Customer")

    @property
    def composer(self) -> Locator:
        return self.page.locator("textarea.composer__text")

    def message(self, text: str) -> Locator:
        """One message of the open conversation, with its fate."""
        return self.thread.get_by_role("article").filter(has_text=text)

    def mail_frame(self) -> FrameLocator:
        """The words of the last mail that came as HTML."""
        return self.thread.locator("iframe").last.content_frame

    def press(self, key: str) -> None:
        """Press a shortcut where no text field has the focus."""
        self.page.locator("#list").focus()
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.composer.fill(text)

    def send(self) -> None:
        """Send with ten seconds to take it back."""
        self.composer.press("Control+Enter")

    def send_now(self) -> None:
        self.page.get_by_role("button", name="Send options").click()
        self.page.get_by_role("menuitem", name="Send now, without undo").click()

    def answer(self, text: str) -> None:
        self.write(text)
        self.send_now()

    def attach(self, name: str, content_type: str, content: bytes) -> None:
        """Add a file to the answer and wait until it is stored."""
        self.page.locator(".composer input[type=file]").set_input_files(
            {"name": name, "mimeType": content_type, "buffer": content}
        )
        self.page.get_by_role("button", name=f"Remove {name}").wait_for()
        self.page.get_by_label(f"Uploading {name}").wait_for(state="detached")

    def settled_screen(self) -> Any:
        """Return what all columns show, but for the clock, once nothing is on its way any more."""
        self.thread.get_by_role("article").first.wait_for()
        shown: list[Any] = [None]

        def unchanged() -> bool:
            self.page.wait_for_load_state("networkidle")
            shown.append(self.page.evaluate(SCREEN))
            self.page.wait_for_timeout(1_000)  # counts and read marks rest a moment before they go
            return bool(shown[-1] == shown[-2])

        eventually(unchanged, within=60, why="the screen stands still")
        return shown[-1]

    def choose(self, menu: str, choice: str) -> None:
        """Open a menu by its button's name and pick from it."""
        self.page.get_by_role("button", name=menu).first.click()
        self.page.get_by_role("menu").get_by_text(choice, exact=True).click()
