"""What the doors of actions refuse, in words."""

from helpdesk.foundation.errors import ConflictError, HelpdeskError


class NotConfirmableError(ConflictError):
    """The action is in a state that nobody can confirm."""

    code = "not_confirmable"


class PreviewExpiredError(ConflictError):
    """The preview is too old to be sure of."""

    code = "preview_expired"


class NotAwaitingError(ConflictError):
    """Nobody waits for an approval of this action."""

    code = "not_awaiting_approval"


class OwnApprovalError(HelpdeskError):
    """Nobody approves what they asked for themselves."""

    code = "own_approval"
    status = 403


class ApprovalAboveYouError(HelpdeskError):
    """The approver's own limit does not reach."""

    code = "approval_above_you"
    status = 403
