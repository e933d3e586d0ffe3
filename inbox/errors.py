"""What the inbox refuses, in words for the person in front of it."""

from helpdesk.foundation.errors import ConflictError, HelpdeskError


class UnseenMessageError(ConflictError):
    """The customer wrote again since the agent last looked (IN-5)."""

    code = "unseen_message"


class CannotSendError(HelpdeskError):
    """The message breaks a rule of its channel or has nowhere to go."""

    code = "cannot_send"
    status = 422


class AlreadySentError(ConflictError):
    """It left already and can't be taken back."""

    code = "already_sent"


class NotRetryableError(ConflictError):
    """Only a failed or unconfirmed message can be tried again."""

    code = "not_retryable"


class InvalidChangeError(HelpdeskError):
    """A value the conversation can't take."""

    code = "invalid"
    status = 422
