"""Chromium for the browser tests, which are marked ``browser``.

Not pytest-playwright's own fixtures: those keep an event loop running in this thread until the whole
session ends, and asynchronous tests that come later in the same process would be refused.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

#: Milliseconds a shared, slow machine may take; nothing waits this long when it works.
PATIENCE = 30_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser with no windows yet, for the tests of one file."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Browser tests need Chromium: run them with bin/test, or put it on the PATH."
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
