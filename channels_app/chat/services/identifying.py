"""Who the shopper is, when the shop says so with its signature.

Two forms: a JWT (HS256, with ``exp``) whose claims are all covered, or an id with its HMAC, which
covers the id alone: an address beside an HMAC stays what the visitor typed.
"""

from dataclasses import dataclass
from datetime import timedelta

import jwt

from channels_app.chat.parse import Identify, clean_text
from channels_app.chat.services.posting import contact_of
from channels_app.chat.services.sessions import lock_session
from channels_app.models import ChatSession
from helpdesk.foundation.errors import ConflictError, HelpdeskError
from helpdesk.foundation.events import publish
from helpdesk.foundation.signing import constant_time_equal, hmac_sha256_hex
from identity.models import Contact, ContactPoint, Evidence, PointKind
from identity.services.customers import link_signed
from identity.services.proofs import Through, record_proof
from identity.services.resolution import verified_contact, verify_point
from identity.tenancy import require_workspace_id
from inbox.events import ConversationChanged
from inbox.locks import lock_conversation
from inbox.models import Conversation, ConversationEvent, Message

#: Clocks of shop servers are a little off.
LEEWAY = timedelta(seconds=60)
MAX_EXTERNAL_ID = 200
EVIDENCE = "signed by the shop"


class ForgedIdentityError(HelpdeskError):
    """The signature is wrong, too old, or says nothing."""

    code = "identify_refused"
    status = 403


class AnotherPersonError(ConflictError):
    """This browser's chat belongs to another customer, who must not be shown to this one."""

    code = "another_person"


@dataclass(frozen=True, slots=True)
class Shopper:
    """What the signature covers. ``email`` is lower-case or ""."""

    external_id: str
    email: str = ""
    name: str = ""


def read_claim(claim: Identify, *, secret: str) -> Shopper:
    """Return who the shop says this is. Raises ForgedIdentityError."""
    if not secret:
        raise ForgedIdentityError("This chat does not know the shop's customers.")
    return _from_jwt(claim.token, secret) if claim.token else _from_hmac(claim, secret)


def identify(session: ChatSession, shopper: Shopper) -> None:
    """Make the visitor the customer the shop named, with what they said in this session.

    Raises AnotherPersonError when the session is somebody else's already.
    """
    lock_session(session)
    known = session.attributes.get("external_id", "")
    if known and known != shopper.external_id:
        raise AnotherPersonError("Another customer is signed in now. Start a new chat.")
    before = contact_of(session)
    # One id means one person in one shop; the channel stands for the shop that signed.
    shop_id = f"{session.channel_id}:{shopper.external_id}"
    contact = (
        (verified_contact(kind=PointKind.EMAIL, value=shopper.email) if shopper.email else None)
        or verified_contact(kind=PointKind.CHAT, value=shop_id)
        or before
    )
    verify_point(contact=contact, kind=PointKind.CHAT, value=shop_id, evidence=EVIDENCE)
    through = Through(PointKind.CHAT, str(session.pk))
    if link_signed(
        contact_id=contact.pk,
        external_id=shopper.external_id,
        email=shopper.email,
        evidence=EVIDENCE,
    ):
        record_proof(
            contact=contact, kind=PointKind.CHAT, value=shop_id, how=Evidence.SHOP, through=through
        )
    if shopper.email:
        verify_point(contact=contact, kind=PointKind.EMAIL, value=shopper.email, evidence=EVIDENCE)
        # The shop says who sits in this very browser: they may be told of their orders here.
        record_proof(
            contact=contact,
            kind=PointKind.EMAIL,
            value=shopper.email,
            how=Evidence.SHOP,
            through=through,
        )
    if shopper.name and not contact.name:
        contact.name = shopper.name[:200]
        contact.save(update_fields=["name", "updated_at"])
    if contact.pk != before.pk:
        _hand_over(session, before, contact)
    session.contact = contact
    session.identified = True
    session.email = shopper.email or session.email
    session.name = session.name or shopper.name[:200]
    session.attributes = {**session.attributes, "external_id": shopper.external_id}
    session.save(update_fields=["contact", "identified", "email", "name", "attributes"])


def _from_jwt(token: str, secret: str) -> Shopper:
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=LEEWAY,
            options={"require": ["exp"], "verify_aud": False, "verify_sub": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise ForgedIdentityError("The shop's sign-in is too old. Reload the page.") from error
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise _refused() from error
    external_id = _claim(claims.get("sub") or claims.get("external_id"))
    if not external_id:
        raise _refused()
    return Shopper(
        external_id=external_id,
        email=_address(claims.get("email")),
        name=_claim(claims.get("name")),
    )


def _from_hmac(claim: Identify, secret: str) -> Shopper:
    right = hmac_sha256_hex(secret, claim.external_id.encode())
    if not claim.external_id or not constant_time_equal(right, claim.hmac.lower()):
        raise _refused()
    return Shopper(external_id=claim.external_id)


def _claim(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return clean_text(str(value)).strip()[:MAX_EXTERNAL_ID]


def _address(value: object) -> str:
    address = _claim(value).lower()
    return address if "@" in address else ""


def _refused() -> ForgedIdentityError:
    return ForgedIdentityError("The shop's sign-in could not be confirmed.")


def _hand_over(session: ChatSession, before: Contact, contact: Contact) -> None:
    """Give what was said in this session to the person it turned out to be."""
    if session.conversation_id is not None:
        conversation = lock_conversation(session.conversation_id)
        if conversation.contact_id == before.pk:
            conversation.contact = contact
            conversation.save(update_fields=["contact", "updated_at"])
        Message.objects.filter(
            conversation=conversation, provider_key__startswith=f"{session.pk}:"
        ).update(author_contact=contact)
        ConversationEvent.objects.create(
            conversation=conversation,
            kind="identified",
            after_seq=conversation.last_seq,
            data={"contact": str(contact.pk), "because": EVIDENCE},
        )
        publish(
            ConversationChanged(
                workspace_id=require_workspace_id(), conversation_id=conversation.pk
            )
        )
    ContactPoint.objects.filter(contact=before, kind=PointKind.CHAT, value=str(session.pk)).update(
        contact=contact
    )
    if not _has_more(before):
        before.merged_into = contact
        before.save(update_fields=["merged_into", "updated_at"])


def _has_more(contact: Contact) -> bool:
    """Say whether anything else made this contact than the one anonymous session."""
    return (
        Conversation.objects.filter(contact=contact).exists()
        or ContactPoint.objects.filter(contact=contact, verified=True).exists()
    )
