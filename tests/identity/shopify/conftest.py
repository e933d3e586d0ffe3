import pytest

from tests.factories.stores import API_KEY, API_SECRET


@pytest.fixture(autouse=True)
def _app(settings):
    """The app every test's shop is installed with; hints wait for nobody."""
    settings.SHOPIFY_API_KEY = API_KEY
    settings.SHOPIFY_API_SECRET = API_SECRET
    settings.SHOPIFY_OLD_API_SECRET = ""
    settings.SHOPIFY_HINT_SECONDS = 0.0
