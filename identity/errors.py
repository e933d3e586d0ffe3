"""What the identity services refuse, in words for the person in front of it."""

from helpdesk.foundation.errors import ConflictError, HelpdeskError


class LastOwnerError(ConflictError):
    """A workspace without an owner could never be changed again."""

    code = "last_owner"


class AboveYourRoleError(HelpdeskError):
    """Nobody hands out, changes or takes away more than they hold themselves."""

    code = "above_your_role"
    status = 403


class AlreadyMemberError(ConflictError):
    """The person works here already."""

    code = "already_member"


class InvitationUnusableError(HelpdeskError):
    """The invitation was used, revoked, has expired, or never existed: all look alike."""

    code = "invitation_unusable"
    status = 410


class AlreadySetUpError(ConflictError):
    """The first-run page works once, on an empty installation."""

    code = "already_set_up"


class CannotMergeError(ConflictError):
    """These two contacts can't become one now."""

    code = "cannot_merge"


class AlreadyUndoneError(ConflictError):
    """The merge was taken back before."""

    code = "already_undone"


class LaterMergeError(ConflictError):
    """A later merge moved the same rows on; it has to be taken back first."""

    code = "later_merge"
