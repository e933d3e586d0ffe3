"""Text bodies as sent: format=flowed joined again, uuencoded and yEnc files taken out."""


def join_flowed(text: str, *, delete_space: bool) -> str:
    """Join soft-broken lines (RFC 3676); quote depth is kept, the signature mark never joins."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # depth of a paragraph that still goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        stripped = line.lstrip(">")
        depth = len(line) - len(stripped)
        content = stripped.removeprefix(" ")
        signature = content == "-- "
        soft = content.endswith(" ") and not signature
        body = content[:-1] if soft and delete_space else content
        if open_depth == depth and not signature:
            paragraphs[-1].append(body)
        else:
            paragraphs.append([(">" * depth + " " if depth else "") + body])
        open_depth = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
