"""Requests in a person's name: a copy of their data, erasing them, erasing a shop (SH-6, PV-2).

A person is matched by id, e-mail and phone, since people write without being customers. Whoever only
claimed an address while another one is proven theirs is somebody else: of them the claim goes, the
rest stays. Each app does its part (``helpdesk.foundation.privacy``), all in one transaction; one result
row for each is the evidence, without the data.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from helpdesk.foundation.events import publish
from helpdesk.foundation.privacy import Copy, Person, parts
from helpdesk.foundation.signing import hmac_sha256_hex
from identity.events import PrivacyCopyReady
from identity.models import (
    Contact,
    ContactPoint,
    CustomerLink,
    LinkHow,
    Membership,
    PointKind,
    PrivacyKind,
    PrivacyRequest,
    PrivacyResult,
    Store,
    StoreCustomer,
    StoreOrder,
    Workspace,
)
from identity.services.resolution import normalise
from identity.tenancy import require_workspace_id

logger = structlog.get_logger(__name__)

#: Shopify's and the law's limit, and how long a copy lies ready.
DUE_WITHIN = timedelta(days=30)
COPY_KEPT = timedelta(days=30)
#: Contacts erased in one go of a whole shop: some ten seconds.
BATCH = 400
_PROVING = (PointKind.EMAIL, PointKind.PHONE, PointKind.WHATSAPP)


class NobodyNamedError(HelpdeskError):
    """A request by hand named neither an e-mail address nor a phone number."""

    code = "nobody_named"
    status = 422


def request_export(
    *,
    store: Store | None = None,
    customer_gid: str = "",
    email: str = "",
    phone: str = "",
    order_gids: Sequence[str] = (),
    reference: str = "",
    by: Membership | None = None,
    now: datetime | None = None,
) -> PrivacyRequest:
    """Make a copy of everything held of a person, and tell the admins that it lies ready."""
    person = find_person(
        store=store, customer_gid=customer_gid, email=email, phone=phone, order_gids=order_gids
    )
    request = _begin(PrivacyKind.EXPORT, store, reference, by, now)
    copies = [(part.app, part.export(person)) for part in parts()]
    for app, copy in copies:
        _note(request, app, copy.counts)
    packed = _pack(request, [copy for _, copy in copies])
    request.file_key = default_storage.save(
        f"{require_workspace_id()}/privacy/{request.pk}.zip", ContentFile(packed)
    )
    request.file_size = len(packed)
    request.subjects = sorted(_digests(person))
    _finish(request)
    publish(PrivacyCopyReady(workspace_id=require_workspace_id(), request_id=request.pk))
    return request


def redact_customer(
    *,
    store: Store | None = None,
    customer_gid: str = "",
    email: str = "",
    phone: str = "",
    order_gids: Sequence[str] = (),
    reference: str = "",
    by: Membership | None = None,
    now: datetime | None = None,
) -> PrivacyRequest:
    """Erase a person everywhere."""
    person = find_person(
        store=store, customer_gid=customer_gid, email=email, phone=phone, order_gids=order_gids
    )
    request = _begin(PrivacyKind.ERASE, store, reference, by, now)
    _erase(request, person)
    return _finish(request)


def redact_store(*, store: Store, now: datetime | None = None) -> PrivacyRequest:
    """Erase everybody who is known as a customer of this shop and of no other.

    The shop's own copy is erased by whoever received the request. A big shop's customers are erased
    in goes (``continue_erasures``): one transaction of all would outlast the lease it runs under.
    """
    request = _begin(PrivacyKind.ERASE_STORE, store, "", None, now)
    elsewhere = _held_links().exclude(customer__store=store).values("contact_id")
    proven = ContactPoint.objects.filter(kind__in=_PROVING, verified=True).values("contact_id")
    claimed = CustomerLink.objects.filter(undone_at=None).exclude(contact_id__in=proven)
    ours = (_held_links() | claimed).filter(customer__store=store)
    ours = ours.exclude(contact_id__in=elsewhere)
    ids = ours.order_by("contact_id").values_list("contact_id", flat=True).distinct()
    request.pending = sorted(_whole(ids))
    return _erase_pending(request)


def continue_erasures() -> int:
    """Do the next go of every unfinished erasure of the scope. Returns how many are left."""
    waiting = PrivacyRequest.objects.filter(finished_at=None).exclude(pending=[])
    left = 0
    for request in waiting.select_for_update(skip_locked=True).order_by("created_at"):
        left += _erase_pending(request).finished_at is None
    return left


def _erase_pending(request: PrivacyRequest) -> PrivacyRequest:
    """Erase one go of a shop's customers; who was merged into whom goes in one."""
    now, rest = request.pending[:BATCH], request.pending[BATCH:]
    contacts = _whole(now)
    _erase(request, Person(contact_ids=contacts, search_others=False))
    request.pending = [pk for pk in rest if pk not in contacts]
    if not request.pending:
        return _finish(request)
    request.save(update_fields=["pending"])
    return request


def find_person(
    *,
    store: Store | None = None,
    customer_gid: str = "",
    email: str = "",
    phone: str = "",
    order_gids: Sequence[str] = (),
) -> Person:
    """Return everybody and everything that goes by these names. Raises NobodyNamedError."""
    if not (email or phone or customer_gid):
        raise NobodyNamedError("Enter an e-mail address or a phone number.")
    emails = {normalise(PointKind.EMAIL, email)} - {""}
    phones = {phone.strip()} - {""}
    customers = {(store.pk, customer_gid)} if store is not None and customer_gid else set()
    rows = StoreCustomer.objects.filter(deleted_at=None)
    named = Q(pk__in=[])
    for store_id, gid in customers:
        named |= Q(store_id=store_id, gid=gid)
    if emails and store is None:
        named |= Q(email__in=emails)
    for row in rows.filter(named):
        customers.add((row.store_id, row.gid))
        emails |= {row.email} - {""}
        # A number that several customers have is not this person's alone.
        if row.phone and rows.filter(phone=row.phone).count() == 1:
            phones.add(row.phone)
    orders = {(store.pk, gid) for gid in order_gids} if store is not None else set()
    orders |= {
        (row.store_id, row.gid)
        for store_id, gid in customers
        for row in StoreOrder.objects.filter(store_id=store_id, customer_gid=gid)
    }
    contacts = _whole(_contacts(emails | phones, customers))
    return Person(
        contact_ids=contacts,
        emails=frozenset(emails),
        phones=frozenset(phones),
        customers=frozenset(customers),
        orders=frozenset(orders),
    )


def forget_copies(*, now: datetime) -> int:
    """Delete copies that have lain ready long enough."""
    old = PrivacyRequest.objects.exclude(file_key="").filter(created_at__lt=now - COPY_KEPT)
    return sum(_forget_copy(request) for request in old)


def read_copy(request: PrivacyRequest) -> bytes:
    """Return the packed copy. Raises NotFoundError when it is gone."""
    if not request.file_key:
        raise NotFoundError("This copy is no longer kept. Make a new one.")
    with default_storage.open(request.file_key) as stored:
        content: bytes = stored.read()
    if request.downloaded_at is None:
        request.downloaded_at = timezone.now()
        request.save(update_fields=["downloaded_at"])
    return content


def _contacts(values: set[str], customers: set[tuple[UUID, str]]) -> set[UUID]:
    """Return the contacts who have one of these addresses, or are one of these customers."""
    points = ContactPoint.objects.filter(kind__in=_PROVING, value__in=values)
    found = {point.contact_id for point in points if point.verified}
    claimants = {point.contact_id for point in points} - found
    proven_otherwise = ContactPoint.objects.filter(
        contact_id__in=claimants, kind__in=_PROVING, verified=True
    ).values_list("contact_id", flat=True)
    found |= claimants - set(proven_otherwise)
    for store_id, gid in customers:
        links = _held_links().filter(customer__store=store_id, customer__gid=gid)
        found |= set(links.values_list("contact_id", flat=True))
    return found


def _held_links() -> QuerySet[CustomerLink]:
    """Return links that somebody or something vouches for; a claim of an address is none."""
    vouched = Q(verified=True) | Q(how__in=[LinkHow.MANUAL, LinkHow.SIGNED, LinkHow.CODE])
    return CustomerLink.objects.filter(vouched, undone_at=None)


def _whole(contact_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Add who was merged with them: the rows of a person lie on the survivor."""
    found = set(contact_ids)
    while True:
        more = set(
            Contact.objects.filter(merged_into_id__in=found).values_list("pk", flat=True)
        ) | set(
            Contact.objects.filter(pk__in=found, merged_into__isnull=False).values_list(
                "merged_into_id", flat=True
            )
        )
        if more <= found:
            return frozenset(found)
        found |= more


def _begin(
    kind: PrivacyKind,
    store: Store | None,
    reference: str,
    by: Membership | None,
    now: datetime | None,
) -> PrivacyRequest:
    now = now or timezone.now()
    return PrivacyRequest.objects.create(
        kind=kind,
        store_domain=store.domain if store else "",
        reference=reference[:120],
        requested_by=by,
        created_at=now,
        due_at=now + DUE_WITHIN,
    )


def _erase(request: PrivacyRequest, person: Person) -> None:
    digests = list(_digests(person))
    if digests:
        for copy in PrivacyRequest.objects.filter(subjects__overlap=digests):
            _forget_copy(copy)
    for part in parts():
        _note(request, part.app, part.erase(person))


def _note(request: PrivacyRequest, app: str, counts: dict[str, int]) -> None:
    """Add to what an app has done; a shop is erased in several goes."""
    now = timezone.now()
    result, created = PrivacyResult.objects.get_or_create(
        request=request, app=app, defaults={"counts": counts, "finished_at": now}
    )
    if not created:
        for name, count in counts.items():
            result.counts[name] = result.counts.get(name, 0) + count
        result.finished_at = now
        result.save(update_fields=["counts", "finished_at"])


def _finish(request: PrivacyRequest) -> PrivacyRequest:
    request.finished_at = timezone.now()
    request.found = any(
        any(result.counts.values()) for result in PrivacyResult.objects.filter(request=request)
    )
    request.save()
    logger.info("privacy.request_done", request_id=str(request.pk), kind=request.kind)
    return request


def _digests(person: Person) -> Iterable[str]:
    """Name a person in a way that only we can repeat."""
    for value in (*person.addresses, *(gid for _, gid in person.customers)):
        yield hmac_sha256_hex(settings.SECRET_KEY, f"privacy {value}".encode())


def _forget_copy(request: PrivacyRequest) -> int:
    default_storage.delete(request.file_key)
    request.file_key, request.file_size, request.subjects = "", 0, []
    request.save(update_fields=["file_key", "file_size", "subjects"])
    return 1


def _pack(request: PrivacyRequest, copies: Sequence[Copy]) -> bytes:
    """Return a zip with everything as JSON, as a page to read, and the files."""
    sections = [section for copy in copies for section in copy.sections]
    files = [file for copy in copies for file in copy.files]
    document = {section.title: section.rows for section in sections}
    facts = {
        "workspace": Workspace.objects.values_list("name", flat=True).get(
            pk=require_workspace_id()
        ),
        "made": request.created_at,
        "sections": [_table(section.title, section.rows) for section in sections],
        "files": [file.name for file in files],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "data.json",
            json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1),
        )
        packed.writestr("read-me.html", render_to_string("identity/privacy_copy.html", facts))
        for file in files:
            try:
                packed.writestr(f"files/{file.name}", file.read())
            except OSError:
                packed.writestr(f"files/{file.name}.missing.txt", "The file store lost this file.")
    return buffer.getvalue()


def _table(title: str, rows: Sequence[Any]) -> dict[str, Any]:
    """Return a section as columns and cells; nested values are shown as JSON."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return {
        "title": title,
        "columns": columns,
        "rows": [[_cell(row.get(name, "")) for name in columns] for row in rows],
    }


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return "" if value is None else str(value)
