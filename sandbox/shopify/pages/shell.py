"""What all pages of the store's admin share: frame, navigation, tables."""

from html import escape

from sandbox.page import STYLE
from sandbox.shopify.shop import Shop

MORE = """
body{max-width:72rem;padding-block-start:1rem}nav{display:flex;gap:1rem;flex-wrap:wrap;align-items:baseline;
padding-block-end:.75rem;margin-block-end:1.5rem;border-block-end:1px solid var(--line)}
nav strong{margin-inline-end:auto}table{width:100%;border-collapse:collapse;background:var(--card);
border:1px solid var(--line);border-radius:10px;font-size:.9375rem}th,td{text-align:start;padding:.5rem .75rem;
border-block-start:1px solid var(--line);vertical-align:top}thead th{border:0;color:var(--soft);font-weight:500}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}.badge{padding:.1rem .5rem;border-radius:99px;
background:light-dark(#eef0f3,#303136);font-size:.8125rem;white-space:nowrap}.scroll{overflow-x:auto}
.acts{display:flex;gap:.5rem;flex-wrap:wrap;margin-block:.75rem}.acts form{display:block}
button.plain{background:var(--card);color:inherit;border:1px solid var(--line)}
button.risk{background:light-dark(#b3261e,#c2463e)}img{inline-size:2.5rem;block-size:2.5rem;border-radius:6px}
iframe.app{height:calc(100vh - 9rem);min-height:32rem;background:var(--card);color-scheme:light dark}
fieldset{border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem}
label.check{display:flex;gap:.5rem;align-items:center}label.check input{width:auto}
.asked{columns:2;padding:.75rem 2rem;list-style:disc}.asked li+li{border:0}
dl{grid-template-columns:max-content 1fr;font-size:.9375rem}h1 .badge{vertical-align:middle;font-weight:400}
"""
#: Pages hold scripts of their own origin only; the app's page is a frame of another.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; frame-src http: https:; form-action 'self' http: https:"
)


def page(shop: Shop, title: str, body: str, *, script: bool = False) -> str:
    """Return a page of the shop's admin."""
    root = f"/shopify/{shop.domain}/admin"
    tag = '<script src="/shopify/admin.js" defer></script>' if script else ""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(shop.settings.name)}</title><style>{STYLE}{MORE}</style>{tag}</head>"
        f'<body data-admin="{root}"><nav aria-label="Store"><strong>{escape(shop.settings.name)}</strong>'
        f'<a href="{root}/">Home</a><a href="{root}/orders">Orders</a><a href="{root}/customers">Customers</a>'
        f'<a href="{root}/app">App</a></nav><main>{body}</main></body></html>'
    )


def table(heads: list[str], rows: list[list[str]], numbers: frozenset[int] = frozenset()) -> str:
    """Return a table; cells are HTML already. ``numbers`` are columns of figures."""
    if not rows:
        return '<p class="soft">Nothing here yet.</p>'

    def mark(place: int) -> str:
        return ' class="n"' if place in numbers else ""

    head = "".join(f'<th scope="col"{mark(place)}>{text}</th>' for place, text in enumerate(heads))
    lines = "".join(
        "<tr>"
        + "".join(f"<td{mark(place)}>{cell}</td>" for place, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def badge(text: str) -> str:
    return f'<span class="badge">{escape(text.replace("_", " ").lower())}</span>'


def act(action: str, label: str, *, kind: str = "plain", **fields: str) -> str:
    """Return a small form that is one button."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'
        for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{action}">{hidden}'
        f'<button class="{kind}">{escape(label)}</button></form>'
    )


def day(text: str | None) -> str:
    return escape((text or "")[:16].replace("T", " "))
