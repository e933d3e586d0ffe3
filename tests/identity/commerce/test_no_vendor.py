"""SH-10: the seam knows no platform by name."""

import re
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[3] / "identity" / "commerce"


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.name)
def test_no_vendor_is_named_in_the_commerce_room(path):
    words = re.findall(r"(?i)shopify|gid://|graphql|woocommerce|stripe", path.read_text())
    assert words == []
