"""A Shopify store for tests: the sandbox's, in this process, with a product side to talk to.

``store`` is a fresh copy of the demo shop (fjellmark.myshopify.com), installed, behind a real port;
``other_store`` a second, small one of the same platform, ``imported_store`` the demo store of the corpus. Webhooks are signed and noted, and posted
where ``store.app.webhook_url`` says (nowhere by default).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from helpdesk.embedded import ROOT
from sandbox.shopify import demo_import
from sandbox.shopify.app import App
from sandbox.shopify.demo_shop import (
    FJELLMARK,
    SEASIDE,
    build_demo_shop,
    build_small_shop,
    demo_settings,
)
from sandbox.shopify.platform import Platform, template_copy
from sandbox.shopify.shop import Shop
from sandbox.shopify.store import SandboxStore
from sandbox.threaded import ThreadedSandbox

API_KEY, API_SECRET = "test-api-key", "test-api-secret-of-thirty-two-letters"

CORPUS = ROOT.parent / "shared" / "demo_store"


@pytest.fixture(scope="session")
def _demo_shop() -> Iterator[Shop]:
    template = Shop(None, demo_settings(FJELLMARK))
    build_demo_shop(template, datetime.now(UTC))
    yield template
    template.close()


@pytest.fixture(scope="session")
def _small_shop() -> Iterator[Shop]:
    template = Shop(None, demo_settings(SEASIDE))
    build_small_shop(template, datetime.now(UTC))
    yield template
    template.close()


@pytest.fixture(scope="session")
def _store_server() -> Iterator[ThreadedSandbox]:
    app = App(api_key=API_KEY, api_secret=API_SECRET)
    with ThreadedSandbox(app=app) as sandbox:
        yield sandbox


@pytest.fixture
def store_platform(_store_server: ThreadedSandbox) -> Iterator[Platform]:
    """Return the platform behind the port, empty of shops and troubles."""
    platform = _store_server.platform
    platform.reset(App(api_key=API_KEY, api_secret=API_SECRET, webhook_url=""))
    yield platform
    platform.reset()


@pytest.fixture
def store(store_platform: Platform, _demo_shop: Shop) -> SandboxStore:
    """Return the demo shop with our app installed, all optional scopes granted."""
    return _placed(store_platform, _demo_shop, FJELLMARK)


@pytest.fixture
def other_store(store_platform: Platform, _small_shop: Shop) -> SandboxStore:
    """Return a second shop of the same platform."""
    return _placed(store_platform, _small_shop, SEASIDE)


@pytest.fixture(scope="session")
def _imported_shop() -> Iterator[Shop]:
    template = Shop(None, demo_import.settings())
    demo_import.import_demo_store(template, CORPUS, datetime.now(UTC), fees=False)
    yield template
    template.close()


@pytest.fixture
def imported_store(store_platform: Platform, _imported_shop: Shop) -> SandboxStore:
    """Return the shop of ``../shared/demo_store`` without shipping fees: totals are the source's.

    Records keep the ids of the source as ``source`` (customers, products, variants) and
    ``source_payments`` (orders). Tests that use it are marked ``corpus``.
    """
    place = template_copy(_imported_shop, demo_import.settings())
    made = SandboxStore(store_platform, store_platform.place(place))
    made.install()
    return made


def _placed(platform: Platform, template: Shop, domain: str) -> SandboxStore:
    made = SandboxStore(platform, platform.place(template_copy(template, demo_settings(domain))))
    made.install()
    return made
