"""A new merchant: from the shop's consent page to an inbox with the orders in it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sandbox.shopify.app import App
from sandbox.shopify.platform import Platform
from sandbox.shopify.store import SandboxStore
from tests.ground.installation import Installation, eventually

pytestmark = pytest.mark.browser

SLOW = 90_000


@pytest.fixture
def newcomers(
    tmp_path_factory: pytest.TempPathFactory, store_platform: Platform
) -> Iterator[Installation]:
    """An installation without a demo whose Shopify is the sandbox of this test."""
    shops = f"{store_platform.base_url}/shopify"
    installation = Installation(
        tmp_path_factory.mktemp("newcomers") / "data",
        SHOPIFY_API_KEY=store_platform.app.api_key,
        SHOPIFY_API_SECRET=store_platform.app.api_secret,
        SHOPIFY_BASE_URL=f"{shops}/{{shop}}",
        SHOPIFY_APP_BRIDGE_URL=f"{shops}/app-bridge.js",
    )
    store_platform.reset(
        App(
            api_key=store_platform.app.api_key,
            api_secret=store_platform.app.api_secret,
            app_url=f"http://localhost:{installation.port}/shopify/",
            webhook_url=f"http://127.0.0.1:{installation.port}/hooks/shopify/",
        )
    )
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


def test_merchant_installs_reads_the_shop_and_opens_the_inbox(
    newcomers: Installation, store: SandboxStore, chromium: Browser
):
    store.act.uninstalls()
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()

    # The shop's own consent page, then straight into the app.
    page.goto(f"{store.base_url}/admin/app")
    expect(page.get_by_text("Read and change orders")).to_be_visible()
    page.get_by_role("button", name="Install").click()
    inside = page.frame_locator("iframe.app")
    expect(inside.get_by_role("heading", name=re.compile("is connected$"))).to_be_visible()

    # The back-fill tells how far it is, to its end.
    progress = inside.locator("#progress")
    expect(progress.get_by_role("progressbar").first).to_be_visible()
    expect(progress.get_by_text(re.compile(r"^Orders: Done, 150 of 150$"))).to_be_visible(
        timeout=SLOW
    )
    expect(progress.get_by_text(re.compile(r"^Customers: Done, 60 of 60$"))).to_be_visible(
        timeout=SLOW
    )

    # One click, and the merchant is the owner in an inbox of their own.
    with context.expect_page() as opened:
        inside.get_by_role("button", name="Open my inbox").click()
    inbox = opened.value
    inbox.get_by_role("navigation", name="Views").wait_for()
    inbox.goto(f"http://localhost:{newcomers.port}/settings/shops/")
    expect(inbox.get_by_role("region", name="Shops")).to_contain_text("Connected")
    inbox.goto(f"http://localhost:{newcomers.port}/settings/members/")
    expect(inbox.get_by_text("Owner", exact=True).first).to_be_attached()

    # Taken off in the shop, it says so here.
    page.goto(f"{store.base_url}/admin/")
    store.act.uninstalls()

    def told() -> bool:
        inbox.goto(f"http://localhost:{newcomers.port}/settings/shops/")
        return "Disconnected" in inbox.get_by_role("region", name="Shops").inner_text()

    eventually(told, within=60, why="the uninstall reached us")
    context.close()
