"""What the inbox does by the clock."""

from celery import shared_task


@shared_task(name="inbox.keep_shop_histories")
def keep_shop_histories() -> None:
    """Hand the shops what changed in their customers' conversations."""
    from inbox.services.shop_history import keep_noted

    keep_noted()
