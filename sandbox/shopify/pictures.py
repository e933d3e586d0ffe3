"""Product pictures, drawn: two colours and the first letters of the name."""

import hashlib
import re
from html import escape

from sandbox.shopify.shop import Shop


def svg(shop: Shop, name: str) -> str:
    """Return the picture ``product-<number>.svg``."""
    match = re.fullmatch(r"product-(\d+)\.svg", name)
    product = shop.db.get("product", int(match[1])) if match else None
    title = product["title"] if product else "?"
    hue = int(hashlib.sha256(title.encode()).hexdigest()[:4], 16) % 360
    letters = "".join(word[0] for word in title.split()[:3] if word[0].isalpha()).upper()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" role="img">'
        f"<title>{escape(title)}</title>"
        f'<rect width="160" height="160" fill="hsl({hue} 45% 88%)"/>'
        f'<path d="M0 160 60 60l34 52 22-30 44 78z" fill="hsl({hue} 40% 55%)"/>'
        f'<circle cx="120" cy="40" r="16" fill="hsl({(hue + 40) % 360} 70% 70%)"/>'
        f'<text x="12" y="34" font-family="system-ui,sans-serif" font-size="24" fill="hsl({hue} 50% 25%)">'
        f"{escape(letters)}</text></svg>"
    )
