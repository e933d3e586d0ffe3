"""The order's note and its tags."""

from identity.commerce.requests import NoteRequest, TagsRequest
from identity.commerce.seam import Change, Finding, Job, OutcomeState, Preview, Receipt
from identity.shopify.actions.kit import ABSENT, Action, Result, Step, found, receipt, request_of
from identity.shopify.desk import Desk


def preview_note(desk: Desk, request: NoteRequest, order_id: str, customer_id: str) -> Preview:
    """Return the note before and after."""
    return Preview(changes=(Change("Note", desk.order(order_id).note, request.note),))


def perform_note(desk: Desk, job: Job) -> Result:
    """Replace the note."""
    request: NoteRequest = request_of(job, NoteRequest)
    variables = {"input": {"id": job.order_id, "note": request.note}}
    desk.write("order_update", variables, "orderUpdate", repeatable=True)
    return {}


def find_note(desk: Desk, job: Job) -> Finding:
    """See whether the note stands there."""
    request: NoteRequest = request_of(job, NoteRequest)
    return found({}) if desk.order(job.order_id).note.strip() == request.note.strip() else ABSENT


def outcome_note(desk: Desk, job: Job) -> Receipt:
    """Read the note back."""
    request: NoteRequest = request_of(job, NoteRequest)
    order = desk.order(job.order_id)
    if order.note.strip() != request.note.strip():
        return receipt(OutcomeState.FAILED, "The shop has another note.", order=order)
    return receipt(
        OutcomeState.DONE,
        f"The note of {order.name} is changed.",
        order=order,
        changes=job.preview.changes,
    )


def _folded(tags: tuple[str, ...]) -> set[str]:
    return {tag.strip().casefold() for tag in tags}


def preview_tags(desk: Desk, request: TagsRequest, order_id: str, customer_id: str) -> Preview:
    """Return the tags before and after."""
    before = desk.order(order_id).tags
    removed = _folded(request.remove)
    after = [tag for tag in before if tag.strip().casefold() not in removed]
    after += [tag for tag in request.add if tag.strip().casefold() not in _folded(tuple(after))]
    return Preview(changes=(Change("Tags", ", ".join(before), ", ".join(after)),))


def perform_add(desk: Desk, job: Job) -> Result:
    """Add tags; what is there stays."""
    request: TagsRequest = request_of(job, TagsRequest)
    if request.add:
        variables = {"id": job.order_id, "tags": list(request.add)}
        desk.write("tags_add", variables, "tagsAdd", repeatable=True)
    return {}


def perform_remove(desk: Desk, job: Job) -> Result:
    """Take tags away."""
    request: TagsRequest = request_of(job, TagsRequest)
    if request.remove:
        variables = {"id": job.order_id, "tags": list(request.remove)}
        desk.write("tags_remove", variables, "tagsRemove", repeatable=True)
    return {}


def find_add(desk: Desk, job: Job) -> Finding:
    """See whether all of them are there."""
    request: TagsRequest = request_of(job, TagsRequest)
    there = _folded(request.add) <= _folded(desk.order(job.order_id).tags)
    return found({}) if there else ABSENT


def find_remove(desk: Desk, job: Job) -> Finding:
    """See whether none of them is there."""
    request: TagsRequest = request_of(job, TagsRequest)
    gone = not _folded(request.remove) & _folded(desk.order(job.order_id).tags)
    return found({}) if gone else ABSENT


def outcome_tags(desk: Desk, job: Job) -> Receipt:
    """Read the tags back."""
    request: TagsRequest = request_of(job, TagsRequest)
    order = desk.order(job.order_id)
    held = _folded(order.tags)
    kept_out = _folded(request.remove) - _folded(request.add)
    if not _folded(request.add) <= held or kept_out & held:
        return receipt(OutcomeState.FAILED, "The shop has other tags.", order=order)
    return receipt(
        OutcomeState.DONE,
        f"The tags of {order.name} are changed.",
        order=order,
        changes=job.preview.changes,
    )


NOTE = Action(preview_note, outcome_note)
TAGS = Action(preview_tags, outcome_tags)
STEPS = {
    "note": Step(perform_note, find_note),
    "tags_add": Step(perform_add, find_add),
    "tags_remove": Step(perform_remove, find_remove),
}
