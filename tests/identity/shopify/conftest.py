import pytest

from helpdesk.foundation.redis import client
from identity.shopify.client import shared_client
from tests.factories.stores import API_KEY, API_SECRET


@pytest.fixture(autouse=True)
def _app(settings, request):
    """The app every test's shop is installed with; hints wait for nobody."""
    if "store_platform" in request.fixturenames:
        platform = request.getfixturevalue("store_platform")
        settings.SHOPIFY_BASE_URL = f"{platform.base_url}/shopify/{{shop}}"
        # Each test's shop has a full bucket.
        for key in client().scan_iter("hd:shop-pace:*"):
            client().delete(key)
    settings.SHOPIFY_API_KEY = API_KEY
    settings.SHOPIFY_API_SECRET = API_SECRET
    settings.SHOPIFY_OLD_API_SECRET = ""
    settings.SHOPIFY_HINT_SECONDS = 0.0


@pytest.fixture(autouse=True)
def _connections():
    """No test inherits another one's connections."""
    yield
    if shared_client.cache_info().currsize:
        shared_client().close()
        shared_client.cache_clear()
