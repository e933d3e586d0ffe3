"""Where a reply goes, and what the channel refuses to carry there, each with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inbox.errors import CannotSendError
from inbox.models import Attachment, Channel, ChannelKind, Conversation, Direction, Message
from inbox.services.receiving import email_of


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a reply would go. Addresses are plain; empty for channels without any."""

    channel: Channel
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


def reply_target(
    conversation: Conversation, channel: Channel | None = None, *, ours: set[str] | None = None
) -> ReplyTarget:
    """Return where a reply goes by default: the channel the customer used last.

    For mail: to whoever wrote last, with everybody they copied, without our own addresses; whoever
    has read those already gives them as ``ours``.
    """
    chosen = channel or conversation.last_channel
    if chosen.kind != ChannelKind.EMAIL:
        return ReplyTarget(channel=chosen)
    last: Message | None = (
        Message.objects.filter(
            conversation=conversation, channel__kind=ChannelKind.EMAIL, direction=Direction.IN
        )
        .order_by("-seq")
        .first()
    )
    if last is None or not last.author_address:
        address = email_of(conversation.contact)
        return ReplyTarget(channel=chosen, to=(address,) if address else ())
    ours = _own_addresses() if ours is None else ours
    copied = [
        str(one["address"]).lower() for one in [*last.to, *last.cc] if isinstance(one, Mapping)
    ]
    cc = [one for one in dict.fromkeys(copied) if one not in ours and not _is_plus_of(one, ours)]
    return ReplyTarget(
        channel=chosen,
        to=(last.author_address,),
        cc=tuple(one for one in cc if one != last.author_address.lower()),
    )


def checked_target(
    conversation: Conversation,
    channel: Channel | None,
    to: Sequence[str] | None,
    cc: Sequence[str] | None,
) -> ReplyTarget:
    """Return where a reply goes with the recipients an agent chose. Raises CannotSendError."""
    target = reply_target(conversation, channel)
    if not target.channel.is_active:
        raise CannotSendError(
            f"{target.channel.name} is switched off. Switch it on in the settings, "
            "or answer on another channel.",
            code="channel_off",
        )
    if target.channel.kind != ChannelKind.EMAIL:
        if target.channel.pk not in conversation.channel_ids:
            raise CannotSendError(
                f"The customer has not written on {target.channel.name}, so it can't reach them.",
                code="unreachable",
            )
        return target
    recipients = tuple(one.strip() for one in to) if to is not None else target.to
    copies = tuple(one.strip() for one in cc) if cc is not None else target.cc
    if not recipients:
        raise CannotSendError(
            "There is no e-mail address to send to. Enter one, or answer on another channel.",
            code="no_recipient",
        )
    for address in (*recipients, *copies):
        refuse_bad_address(address)
    return ReplyTarget(channel=target.channel, to=recipients, cc=copies)


def refuse_bad_address(address: str) -> None:
    """Raise CannotSendError for what is no address, or several."""
    local, at, domain = address.rpartition("@")
    if not (at and local and ("." in domain or domain == "localhost")) or any(
        c.isspace() or c in ",;<>\r\n" for c in address
    ):
        raise CannotSendError(f"“{address}” is not an e-mail address.", code="bad_address")


def refuse_unfit(target: ReplyTarget, body_text: str, files: Sequence[Attachment]) -> None:
    """Raise CannotSendError for what the channel's capabilities do not allow."""
    limits = target.channel.capabilities
    longest = int(limits.get("max_text") or 0)
    if longest and len(body_text) > longest:
        raise CannotSendError(
            f"{target.channel.name} takes {longest:,} characters; this has {len(body_text):,}.",
            code="too_long",
        )
    most = int(limits.get("max_attachments") or 0)
    if len(files) > most:
        raise CannotSendError(
            f"{target.channel.name} takes {most} files in a message.", code="too_many_files"
        )
    total = sum(one.size for one in files)
    largest = int(limits.get("max_attachment_bytes") or 0)
    if total > largest:
        raise CannotSendError(
            f"The files are larger than {largest // (1024 * 1024)} MB together. "
            "Send a link instead.",
            code="file_too_large",
        )


def _own_addresses() -> set[str]:
    return {
        address.lower()
        for address in Channel.objects.filter(kind=ChannelKind.EMAIL).values_list(
            "address", flat=True
        )
    }


def _is_plus_of(address: str, ours: set[str]) -> bool:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in ours
