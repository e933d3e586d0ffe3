"""Loaded for every test, those inside channels_app/ too."""

pytest_plugins = [
    "tests.database",
    "tests.chromium",
    "tests.corpus",
    "tests.cast",
    "tests.mailbox",
    "tests.shopify_store",
]
