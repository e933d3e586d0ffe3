"""Looking at a page as its users would: wide and on a phone, by day and by night, with axe as a critic.

With ``HELPDESK_PICTURES=folder`` every look is kept as a picture there, for people to look at.
"""

import os
import re
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

#: Colours are all that differs between day and night, so the second look at a width is a short one.
WHOLE: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {**WHOLE, "runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS: tuple[tuple[str, ViewportSize, Literal["light", "dark"], dict[str, Any]], ...] = (
    ("wide light", WIDE, "light", WHOLE),
    ("wide dark", WIDE, "dark", COLOURS),
    ("phone dark", PHONE, "dark", WHOLE),
    ("phone light", PHONE, "light", COLOURS),
)


class Listener:
    """Hears what pages of one window complain about, and whom they call."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.own = own
        self.heard: list[str] = []
        context.on("console", lambda line: self._note(line.type, line.text))
        context.on("weberror", lambda error: self._note("error", str(error.error)))
        context.on("request", lambda request: self._call(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:  # what breaks the content policy is told here, too
            self.heard.append(text)

    def _call(self, url: str) -> None:
        if not url.startswith((self.own, self.own.replace("http", "ws", 1), "data:", "blob:")):
            self.heard.append(f"called {url}")

    def complaints(self, *, status: int = 200) -> list[str]:
        """Return what was heard since the last question; a page's own error status is no complaint."""
        heard, self.heard = self.heard, []
        return [line for line in heard if status < 400 or f"status of {status}" not in line]


def faults(page: Page) -> dict[str, list[str]]:
    """Return what is wrong with what the page shows now, by look; nothing when all is well."""
    page.evaluate(AXE_SCRIPT)
    found = {}
    for name, size, scheme, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        wrong = _axe(page, rules)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append("wider than the window")
        if wrong:
            found[name] = wrong
        _keep_picture(page, name)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def _axe(page: Page, rules: dict[str, Any]) -> list[str]:
    result = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def _keep_picture(page: Page, look: str) -> None:
    folder = os.environ.get("HELPDESK_PICTURES")
    if folder:
        test = re.sub(
            r"[^\w.-]+", "-", os.environ.get("PYTEST_CURRENT_TEST", "page").split("::")[-1]
        )
        page.screenshot(path=Path(folder) / f"{test[:90]} {look}.png")
