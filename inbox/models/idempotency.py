"""Answers to repeated requests."""

from django.db import models

from identity.tenancy import TenantModel


class IdempotencyRecord(TenantModel):
    """What a request with an ``Idempotency-Key`` was answered, for a day.

    Written in the transaction of the request's own effects: either both are there or neither.
    """

    #: SHA-256 over who asked, the path and the key.
    digest = models.CharField(max_length=64)
    #: SHA-256 over method and body: the same key with another request is refused.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "digest"), name="idempotency_once"),
        )
        indexes = (models.Index(fields=("workspace", "created_at"), name="idempotency_age"),)

    def __str__(self) -> str:
        return f"answer {self.status} of {self.created_at:%Y-%m-%d %H:%M}"
