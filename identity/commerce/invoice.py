"""An invoice of an order as a PDF. Pure: order facts in, bytes out."""

from io import BytesIO
from pathlib import Path
from typing import Any

from identity.commerce.facts import OrderFacts
from identity.commerce.money import Money

MARGIN = 56


def invoice_pdf(order: OrderFacts, *, seller: str, seller_lines: tuple[str, ...] = ()) -> bytes:
    """Return the invoice: who, what, tax and what was paid, in the customer's currency."""
    # Here: drawing costs memory that only whoever makes an invoice should pay.
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    font = _font()
    plain = ParagraphStyle("plain", fontName=font, fontSize=9, leading=13)
    small = ParagraphStyle("small", parent=plain, fontSize=8, textColor=colors.HexColor("#555555"))
    head = ParagraphStyle("head", parent=plain, fontSize=18, leading=24)

    def words(text: str, style: Any = plain) -> Any:
        return Paragraph(_escaped(text), style)

    rows: list[list[Any]] = [
        [words(name, small) for name in ("Item", "Quantity", "Each", "Amount")]
    ]
    for line in order.lines:
        each = line.paid_price or line.unit_price
        rows.append(
            [
                words(line.name + (f" ({line.sku})" if line.sku else "")),
                words(str(line.quantity)),
                words(str(each)),
                words(str(each.times(line.quantity))),
            ]
        )
    items = Table(rows, colWidths=[250, 55, 85, 90], repeatRows=1)
    items.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.HexColor("#999999")),
                ("LINEBELOW", (0, 1), (-1, -1), 0.2, colors.HexColor("#dddddd")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    sums = Table(
        [[words(""), words(label, small), words(amount)] for label, amount in totals_of(order)],
        colWidths=[250, 140, 90],
    )
    story: list[Any] = [
        words(seller, head),
        *[words(line, small) for line in seller_lines],
        Spacer(1, 18),
        words(f"Invoice for order {order.name}"),
        words(f"Order of {order.placed_at:%d %B %Y}", small),
        Spacer(1, 12),
        *[words(line) for line in _addressee(order)],
        Spacer(1, 18),
        items,
        Spacer(1, 10),
        sums,
    ]
    made = BytesIO()
    SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"Invoice {order.name}",
        author=seller,
        invariant=1,
    ).build(story)
    return made.getvalue()


def totals_of(order: OrderFacts) -> list[tuple[str, str]]:
    """Return the lines under the items, in the order they are read."""
    tax = "VAT included" if order.taxes_included else "VAT"
    zero = Money.zero(order.currency)
    lines = [
        ("Subtotal", order.subtotal),
        ("Discounts (already taken off)", -order.discounts),
        ("Shipping", order.shipping),
        (tax, order.tax),
        ("Total", order.total),
        ("Paid", order.paid),
        ("Refunded", -order.refunded),
        ("Still to pay", max(zero, order.outstanding)),
    ]
    always = {"Subtotal", "Total", tax}
    return [(label, str(amount)) for label, amount in lines if amount or label in always]


def _addressee(order: OrderFacts) -> list[str]:
    address = order.billing_address or order.shipping_address
    if address is None:
        return [order.customer_name or order.email]
    if address.formatted:
        return list(address.formatted)
    name = " ".join(part for part in (address.first_name, address.last_name) if part)
    town = " ".join(part for part in (address.zip, address.city) if part)
    lines = (name, address.company, address.line1, address.line2, town, address.country_code)
    return [line for line in lines if line]


def _font() -> str:
    """Return a font with more than Latin-1 letters: the one that comes with the PDF maker."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = "Vera"
    if name not in pdfmetrics.getRegisteredFontNames():
        folder = Path(reportlab.__file__).parent / "fonts"
        pdfmetrics.registerFont(TTFont(name, folder / "Vera.ttf"))
    return name


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
