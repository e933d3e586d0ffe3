"""What became of a recipient who was left out while others were taken."""

from channels_app.contract import DeliveryError, DeliveryReceipt


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
