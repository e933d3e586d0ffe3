"""What of a text answer is new: quotes, their introductions and signatures are folded away.

A thin layer of our own instead of the libraries, which backtrack for seconds on hostile text and
know few languages. Every line is given one letter, then a few rules look at the letters. Nothing is
lost: the full text is kept, this is only the folded view. Quotes *between* two blocks of new text
stay, because an answer written under each question reads badly without the questions.
"""

import re
from functools import cache

from .marker import TEXT_MARKER_PATTERN
from .quote_words import COPY, DATE, DEVICE, FORWARDED, FROM, ORIGINAL, SENT, SUBJECT, TO, WROTE

MAX_TEXT = 100_000
MAX_LINE = 1_000
MAX_LINES = 4_000
#: What a tracking add-on for Gmail leaves at the end of mails.
MAIL_TRACK_DOT = "\u1427"

_QUOTE = re.compile(r"^\s{0,4}(?:>|\|(?: |$)|[A-Za-z]{1,12}>(?: |$))")
_SIGNATURE_MARK = re.compile(r"^(?:--|—|–|-- |——)\s*$")
_DELIMITER = re.compile(
    r"^\s*[*_]{0,2}(?:_{3,}|-{3,}|={3,}|\*{3,}|#{3,}|~{3,}|\+{3,}|―{3,}|(?:- ){4,}-?)[*_]{0,2}\s*$"
)
_EMPHASIS = re.compile(r"^[\s*_>]+|[\s*_]+$")
_BLANKS = re.compile(r"[\s\u00a0\u200b\u200e\u200f\u202f]+")
_WHEN = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s?[月日]|\b\d{1,2}\.? [^\W\d]{3,}|"
    r"\b[^\W\d]{3,9}\.? \d{1,2}\b"
)
_DATE_OR_ADDRESS = re.compile(r"[\d@<]")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{2,}")
_STARTS = re.compile(
    r"^\W{0,6}(?:(?:on|le|am|el|il|em|op|den|dnia|w dniu|vào|vào lúc|pada|în|dne|på|kl|w|at|in|"
    r"em|il giorno|в|от|quoting|zitat von|citando|citeren|message du|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b|"
    r"\d{1,4}[-./:年 ]|[^\W\d]{2,5}[.,]{0,2} \d{1,2}[. ]|在)",
    re.IGNORECASE,
)
_ISO_GMT = re.compile(
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ ,T]+\d{1,2}:\d{2}(?::\d{2})?)?(?: (?:AM|PM))?"
    r"(?: ?(?:GMT|UTC)? ?[+-]\d{2}:?\d{2})? \S.{0,200}$",
    re.IGNORECASE,
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile the word lists on first use; imports stay quick."""
    return {
        "wrote": re.compile(
            rf"(?:^|[\s,>)\"'，、。日])({WROTE})(?!\w)|(?:写道|寫道|のメール|より|작성)\W*$",
            re.IGNORECASE,
        ),
        "header": re.compile(
            rf"^(?:(?P<from>{FROM})|(?P<sent>{SENT})|(?P<date>{DATE})|(?P<to>{TO})|(?P<subject>{SUBJECT})|"
            rf"(?P<copy>{COPY}))\s?[*_]{{0,2}}\s?[:：](?P<value>.*)$",
            re.IGNORECASE,
        ),
        "separator": re.compile(
            rf"^[\s*_>]{{0,10}}(?:[-_=~]{{2,60}}[\s*_]{{0,10}}(?:{ORIGINAL}|{FORWARDED})\b.{{0,80}}"
            rf"|(?:{FORWARDED})\s?[:：]\W{{0,20}})$",
            re.IGNORECASE,
        ),
    }


def fold(text: str) -> str:
    """Return the new text, or "" when nothing is folded away or nothing would be left."""
    if len(text) > MAX_TEXT:
        # The answer stands at the top; what comes so late is the old mail.
        return fold(text[:MAX_TEXT].rpartition("\n")[0])
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        lines = lines[:MAX_LINES]
    kept = _fold_lines(lines)
    new = "\n".join(kept).strip()
    if not new or _same(new, text):
        return ""
    return new


def _same(new: str, text: str) -> bool:
    return len(new) == len(text) or "".join(new.split()) == "".join(text.split())


def _fold_lines(lines: list[str]) -> list[str]:
    lines, letters = classify(lines)
    lines, letters = _before_embedded_mail(lines, letters)
    lines, letters = _without_signature(lines, letters)
    lines, letters = _without_quotes(lines, letters)
    return lines[: len(letters.rstrip("edsg"))]


def classify(lines: list[str]) -> tuple[list[str], str]:
    """Return the lines, wrapped introductions joined to one, and one letter for each.

    e empty · q quote · a introduction ("On … wrote:") · b begin of an embedded mail · h its header
    · d delimiter · g signature mark · s telephone's own line · m our marker · t text
    """
    out: list[str] = []
    letters: list[str] = []
    clean = [_BLANKS.sub(" ", line[:MAX_LINE]).strip() for line in lines]
    index = 0
    while index < len(lines):
        text = clean[index]
        letter = _simple_letter(text, lines[index])
        taken = 1
        if letter == "t":
            taken = _introduction_length(clean, index) or _undated_introduction(clean, index)
            if taken:
                letter = "a"
            else:
                taken = 1
                letter = _header_or_text(text, clean, index, letters)
        out.append(lines[index] if taken == 1 else " ".join(clean[index : index + taken]))
        letters.append(letter)
        index += taken
    return out, "".join(letters)


def _simple_letter(text: str, line: str) -> str:
    if not text:
        return "e"
    if "##-" in text and TEXT_MARKER_PATTERN.match(text):
        return "m"
    if _QUOTE.match(line[:40]):
        return "q"
    if text == MAIL_TRACK_DOT:
        return "d"
    if text[0] in "-—–_=*#~+―":
        if _SIGNATURE_MARK.match(text):
            return "g"
        if _DELIMITER.match(text):
            return "d"
    if len(text) <= MAX_DEVICE_LINE and DEVICE.match(text):
        return "s"
    return "t"


MAX_DEVICE_LINE = 140
MAX_INTRODUCTION = 400
MAX_INTRODUCTION_LINES = 8
MAX_UNDATED = 140


def _introduction_length(clean: list[str], index: int) -> int:
    """Return over how many lines an attribution goes that starts here, or 0."""
    first = clean[index]
    if len(first) > MAX_INTRODUCTION or not _DATE_OR_ADDRESS.search(first):
        return 0
    if _is_introduction(first):
        return 1
    if not (_STARTS.match(first) and _WHEN.search(first)) and not (
        first[-1] in '<(,"' or (_ADDRESS.search(first) and len(first) < 120)
    ):
        return 0
    joined = first
    empty = 0
    for taken in range(2, MAX_INTRODUCTION_LINES):
        if index + taken > len(clean):
            return 0
        line = clean[index + taken - 1]
        if not line:
            empty += 1
            if empty > 1 or not _STARTS.match(first):
                return 0
            continue
        empty = 0
        joined = f"{joined} {line.lstrip('> ')}"
        if len(joined) > MAX_INTRODUCTION:
            return 0
        if _is_introduction(joined):
            return taken
    return 0


def _undated_introduction(clean: list[str], index: int) -> int:
    """Return 1 for "On Monday Ben wrote:" when a quote follows at once."""
    text = clean[index]
    if len(text) > MAX_UNDATED or not text.endswith((":", "：")):
        return 0
    following = next((line for line in clean[index + 1 : index + 4] if line), "")
    if not _QUOTE.match(following):
        return 0
    return 1 if _patterns()["wrote"].search(text.rstrip(" :：")) else 0


def _is_introduction(text: str) -> bool:
    bare = _EMPHASIS.sub("", text.strip("-— ")).strip("-— ")
    colon = bare.endswith((":", "："))
    tail = bare.rstrip(" :：.*_-")
    if not tail:
        return False
    last = tail[-1]
    if not colon and last in ".!?":
        return False
    has_address = bool(_ADDRESS.search(bare))
    if tail[0].isdigit() and _ISO_GMT.match(bare):
        return "GMT" in bare or has_address or (colon and ("," in bare or '"' in bare))
    when = _WHEN.search(bare)
    if not (has_address or when):
        return False
    if colon and when and tail[-1] == ">" and has_address and _STARTS.match(bare):
        return True  # a date and an address, in whatever language
    # Without a colon the verb must be the last word; looking for it anywhere is dear.
    wrote = _patterns()["wrote"].search(tail, 0 if colon else max(len(tail) - MAX_LAST_WORD, 0))
    return wrote is not None and _verb_fits(wrote, bare, tail, colon=colon, address=has_address)


def _verb_fits(wrote: re.Match[str], bare: str, tail: str, *, colon: bool, address: bool) -> bool:
    """The verb ends the line, or a name follows it in a line that begins like an introduction."""
    behind = len(tail) - wrote.end(1) if wrote.lastindex else 0
    if behind <= MAX_BEHIND_VERB:
        return colon or address or bool(_STARTS.match(bare))
    if not colon:
        return False
    return bool(_STARTS.match(bare)) or (address and bool(_WHEN.search(tail[wrote.end() :])))


MAX_BEHIND_VERB = 4
MAX_LAST_WORD = 30
MAX_SEPARATOR = 160


def _header_or_text(text: str, clean: list[str], index: int, before: list[str]) -> str:
    """Find where an embedded mail begins: a separator line, or a block of mail headers."""
    patterns = _patterns()
    if len(text) < MAX_SEPARATOR and patterns["separator"].match(text):
        return "b"
    if ":" not in text[:60] and "：" not in text[:60]:
        return "t"
    kinds, has_address = _header_kinds(clean, index)
    if not kinds:
        return "t"
    first = next(iter(kinds))
    separated = "".join(before).rstrip("e")[-1:] in {"d", "b"}
    if first in {"from", "sent", "date"} and (
        (len(kinds) >= 3 and ("subject" in kinds or "sent" in kinds or has_address))
        or (len(kinds) >= 2 and separated and "from" in kinds)
    ):
        return "b"
    return "h" if separated else "t"


def _header_kinds(clean: list[str], index: int) -> tuple[dict[str, None], bool]:
    """Return the kinds of header lines from here on, in order, and if one holds an address."""
    kinds: dict[str, None] = {}
    has_address = False
    strange = 0
    for line in clean[index : index + 16]:
        bare = _EMPHASIS.sub("", line)
        found = _patterns()["header"].match(bare[:300]) if bare else None
        if found is None:
            strange += 1 if bare else 0
            if not kinds or strange > 2:
                break
            continue
        strange = 0
        kind = found.lastgroup
        names = found.groupdict()
        kind = next(
            name for name in ("from", "sent", "date", "to", "subject", "copy") if names[name]
        )
        if kind in kinds and kind != "copy":
            break
        kinds[kind] = None
        has_address = has_address or "@" in found["value"]
    return kinds, has_address


def _before_embedded_mail(lines: list[str], letters: str) -> tuple[list[str], str]:
    """Cut at our marker, a separator or a header block; at the very top only drop the headers."""
    found = re.search("[bm]", letters)
    if found is None:
        return lines, letters
    at = found.start()
    if "t" in letters[:at]:
        end = at
        while end and letters[end - 1] in "edab":
            end -= 1
        return lines[:end], letters[:end]
    if letters[at] == "m":
        return [], ""
    start = at + 1
    clean = [_BLANKS.sub(" ", line[:MAX_LINE]).strip() for line in lines]
    while start < len(lines) and (not clean[start] or _is_header_line(clean, start)):
        if not clean[start] and start > at + 1 and not _header_ahead(clean, start):
            break
        start += 1
    return lines[start:], letters[start:]


def _is_header_line(clean: list[str], index: int) -> bool:
    bare = _EMPHASIS.sub("", clean[index])
    if _patterns()["header"].match(bare[:300]):
        return True
    # The second line of a long value: a header follows it directly.
    return index + 1 < len(clean) and bool(
        clean[index + 1] and _patterns()["header"].match(_EMPHASIS.sub("", clean[index + 1])[:300])
    )


def _header_ahead(clean: list[str], index: int) -> bool:
    following = next((line for line in clean[index:] if line), "")
    return bool(_patterns()["header"].match(_EMPHASIS.sub("", following)[:300]))


def _without_quotes(lines: list[str], letters: str) -> tuple[list[str], str]:
    """Drop introductions; drop quotes before the first and after the last block of new text."""
    kept = list(range(len(lines)))
    for at in (index for index, letter in enumerate(letters) if letter == "a"):
        following = letters[at + 1 :].lstrip("e")[:1]
        if following != "q" and "t" in letters[:at]:
            # Top-posted above an unmarked quote: all the rest is the old mail.
            kept = kept[:at]
            break
    kept = [index for index in kept if letters[index] != "a"]
    while kept and letters[kept[-1]] in "qeds":
        kept.pop()
    if any(letters[index] == "t" for index in kept):
        while letters[kept[0]] in "qed":
            kept.pop(0)
    return [lines[index] for index in kept], "".join(letters[index] for index in kept)


MAX_SIGNATURE_LINES = 15


def _without_signature(lines: list[str], letters: str) -> tuple[list[str], str]:
    """Cut the signature below its mark, or a short block below a line of underscores."""
    for found in re.finditer("g([^qab]*)", letters):
        at, end = found.span()
        behind = found.group(1).replace("e", "")
        if set(letters[:at]) & {"t", "q"} and len(behind) <= MAX_SIGNATURE_LINES:
            return lines[:at] + lines[end:], letters[:at] + letters[end:]
    at = letters.rfind("d")
    if at > 0 and lines[at].strip().startswith("_____"):
        behind = letters[at + 1 :].replace("e", "")
        if "t" in letters[:at] and len(behind) <= MAX_UNDERLINED and not set(behind) & {"q", "a"}:
            return lines[:at], letters[:at]
    return lines, letters


MAX_UNDERLINED = 6
