"""The result of handing over one mail, with what became of each recipient who was left out."""

from dataclasses import dataclass

from channels_app.contract import DeliveryError, DeliveryReceipt, SendResult


@dataclass(frozen=True, slots=True)
class MailSendResult(SendResult):
    """``refused`` names the recipients the server would not take while it took others.

    They read like bounces that came at once: store them where bounces go.
    """

    refused: tuple[DeliveryReceipt, ...] = ()


def refusal(message_id: str, recipient: str, error: DeliveryError) -> DeliveryReceipt:
    """Return the receipt that says ``recipient`` will not get this mail."""
    return DeliveryReceipt(
        dedupe_key=f"refused:{message_id}:{recipient}",
        outcome="failed",
        message_ids=(message_id,),
        recipient=recipient,
        code=error.code,
        text=str(error),
        permanent=error.permanent,
    )
