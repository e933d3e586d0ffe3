"""Times as Shopify writes them: UTC, whole seconds, a Z at the end."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """Return the moment as text. A moment without a zone is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    return datetime.fromisoformat(text)
