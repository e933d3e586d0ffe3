"""The shoppers' mailboxes as pages, for the person who tries the demo. No script, no other host."""

from html import escape
from urllib.parse import quote

from sandbox.hooks import Mailbox
from sandbox.outbox import Entry

STYLE = """
:root{color-scheme:light dark;--line:light-dark(#e3e3e0,#38383a);--soft:light-dark(#6b6b68,#a1a19d);
--accent:light-dark(#1f5eff,#8fb0ff);--back:light-dark(#fbfbf9,#18181a);--card:light-dark(#fff,#212124)}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:2rem 1rem 4rem;background:var(--back);
font:16px/1.5 system-ui,sans-serif;color:light-dark(#1c1c1a,#eeeeec)}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:2rem 0 .5rem}p{margin:.4rem 0}.soft{color:var(--soft)}
a{color:var(--accent);text-decoration:none}a:hover,a:focus-visible{text-decoration:underline}
ul{list-style:none;margin:1rem 0;padding:0;border:1px solid var(--line);border-radius:10px;background:var(--card)}
li+li{border-top:1px solid var(--line)}li a{display:grid;grid-template-columns:14rem 1fr auto;gap:1rem;
padding:.75rem 1rem;color:inherit}li span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
@media(max-width:40rem){li a{grid-template-columns:1fr auto}li a span:nth-child(2){grid-column:1/-1;grid-row:2}}
iframe{width:100%;height:22rem;border:1px solid var(--line);border-radius:10px;background:#fff;color-scheme:light;margin:1rem 0}
form{display:grid;gap:.6rem;max-width:40rem}label{display:grid;gap:.25rem}
input,textarea{font:inherit;padding:.5rem .6rem;border:1px solid var(--line);border-radius:8px;
background:var(--card);color:inherit;width:100%}button{font:inherit;padding:.5rem 1rem;border:0;
border-radius:8px;background:light-dark(#1f5eff,#3a6df0);color:#fff;justify-self:start;cursor:pointer}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.875rem;margin:1rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}.note{padding:.6rem 1rem;border-radius:8px;
background:light-dark(#e8f3ea,#1d3324)}
"""


def front(
    entries: list[Entry], mailboxes: list[Mailbox], address: str, stores: tuple[str, ...] = ()
) -> str:
    """Return the list of mails, newest first, of everybody or of one address."""
    rows = "".join(_row(entry) for entry in reversed(entries) if entry.channel == "email")
    title = f"Mailbox of {escape(address)}" if address else "Mailboxes of the shoppers"
    listing = f"<ul>{rows}</ul>" if rows else '<p class="soft">No mail has arrived yet.</p>'
    back = '<p><a href="/">All mailboxes</a></p>' if address else ""
    return _page(
        title,
        f"<h1>{title}</h1>{back}"
        '<p class="soft">Mail that the helpdesk sends in the demo lands here and goes nowhere '
        f"else.</p>{listing}{_writing_form(mailboxes)}{_stores(stores)}",
    )


def one_mail(entry: Entry, *, can_answer: bool, said: dict[str, str]) -> str:
    """Return one mail with the form that answers it."""
    shown = entry.html or f"<pre style='white-space:pre-wrap'>{escape(entry.body)}</pre>"
    headers = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in entry.headers.items()
    )
    files = "".join(
        f"<p class='soft'>File: {escape(str(item['filename']))} ({item['size']:,} bytes)</p>"
        for item in entry.attachments
    )
    note = '<p class="note" role="status">Your reply is on its way.</p>' if "sent" in said else ""
    return _page(
        entry.subject or "Mail",
        f'<p><a href="/">All mailboxes</a> · <a href="/?to={quote(entry.to)}">{escape(entry.to)}</a>'
        f"</p><h1>{escape(entry.subject or '(no subject)')}</h1>"
        f"<p class='soft'>From {escape(entry.header('From'))} to {escape(entry.to)}</p>{note}"
        # The mail is a stranger's HTML: a frame without any permission.
        f'<iframe sandbox title="The mail" srcdoc="{escape(shown, quote=True)}"></iframe>{files}'
        f"{_reply_form(entry) if can_answer else ''}"
        f"<h2>Headers</h2><dl>{headers}</dl>"
        f'<p><a href="/outbox/{entry.id}.eml">The raw mail</a></p>',
    )


def missing() -> str:
    """Return the page for a mail that is gone."""
    return _page("Gone", '<h1>This mail is gone.</h1><p><a href="/">All mailboxes</a></p>')


def _row(entry: Entry) -> str:
    return (
        f'<li><a href="/mail/{entry.id}"><span>{escape(entry.to)}</span>'
        f"<span>{escape(entry.subject or '(no subject)')}</span>"
        f'<span class="soft">{escape(entry.at[11:16])}</span></a></li>'
    )


def _reply_form(entry: Entry) -> str:
    return (
        '<h2>Answer as the shopper</h2><form method="post" action="/shopper-reply">'
        f'<input type="hidden" name="id" value="{entry.id}">'
        '<label>Reply<textarea name="text" rows="5" required></textarea></label>'
        "<button>Send reply</button></form>"
    )


def _writing_form(mailboxes: list[Mailbox]) -> str:
    if not mailboxes:
        return ""
    to = escape(mailboxes[0].address, quote=True)
    return (
        '<h2>Write to the shop</h2><form method="post" action="/shopper-mail">'
        '<label>From<input name="from" type="email" value="jane.doe@shopper.example" required></label>'
        f'<label>To<input name="to" type="email" value="{to}" required></label>'
        '<label>Subject<input name="subject"></label>'
        '<label>Text<textarea name="text" rows="5" required></textarea></label>'
        "<button>Send mail</button></form>"
    )


def _stores(stores: tuple[str, ...]) -> str:
    links = " · ".join(f'<a href="/shopify/{name}/admin/">{escape(name)}</a>' for name in stores)
    return f"<h2>Stores</h2><p>{links}</p>" if links else ""


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · sandbox</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
