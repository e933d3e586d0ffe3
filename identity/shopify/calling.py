"""Calling a connected shop: a fresh token, one refresh for all who need it, and its state kept true.

A refresh and a mark of trouble must outlive the caller's transaction: the old refresh token ends when
the new one is used. Inside a transaction they run on a connection of their own.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from identity.models import Store, StoreStatus
from identity.services.stores import Credentials, keep_credentials, mark_trouble
from identity.shopify import tokens
from identity.shopify.client import Answer, Client, Shop, shared_client
from identity.shopify.documents import document
from identity.shopify.errors import (
    AnswerLostError,
    DisconnectedError,
    ForbiddenError,
    ShopFrozenError,
    ShopGoneError,
    ShopifyError,
    ShopLockedError,
    TokenRefusedError,
    UnreachableError,
)
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

#: A token with less than this left is refreshed before it is used (shopify.md §4).
MARGIN_SECONDS = 300.0

T = TypeVar("T")

_TROUBLES: dict[type[ShopifyError], StoreStatus] = {
    ShopFrozenError: StoreStatus.FROZEN,
    ShopLockedError: StoreStatus.FROZEN,
    # One 404 may be a mistake of a moment; the hourly probe decides (tending.py).
    ShopGoneError: StoreStatus.FROZEN,
    TokenRefusedError: StoreStatus.NEEDS_LOGIN,
}


class Connection:
    """One connected shop. Holds the tenant's ids and no session; make one where it is needed."""

    def __init__(self, store: Store, *, client: Client | None = None) -> None:
        self.workspace_id: UUID = store.workspace_id
        self.store_id: UUID = store.pk
        self.store = store
        self._client = client or shared_client()

    def call(
        self,
        name: str,
        variables: Mapping[str, Any] | None = None,
        *,
        background: bool = False,
        repeatable: bool = False,
    ) -> Answer:
        """Run a document by name. Raises a ShopifyError; the store's row knows of it by then."""
        shop = self._shop()
        try:
            return self._call(shop, name, variables, background, repeatable)
        except TokenRefusedError:
            # A 401 is turned away before anything runs: once with a new token, a write too.
            shop = self._refreshed(seen=shop.token)
        try:
            return self._call(shop, name, variables, background, repeatable)
        except TokenRefusedError as error:
            self._mark(error)
            raise

    def download(self, url: str) -> Any:
        """Stream the lines of a bulk result."""
        return self._client.download(url)

    def _call(
        self,
        shop: Shop,
        name: str,
        variables: Mapping[str, Any] | None,
        background: bool,
        repeatable: bool,
    ) -> Answer:
        try:
            return self._client.call(
                shop, document(name), variables, background=background, repeatable=repeatable
            )
        except ForbiddenError as error:
            logger.warning("shopify.forbidden", document=name, request_id=error.request_id)
            raise
        except (ShopFrozenError, ShopLockedError, ShopGoneError) as error:
            self._mark(error)
            raise

    def _shop(self) -> Shop:
        store = self.store
        if store.status not in {StoreStatus.INSTALLED, StoreStatus.FROZEN}:
            raise DisconnectedError(
                store.trouble or f"{store} is not connected. Connect it again in the settings."
            )
        token = store.secrets.get("access_token", "")
        if not token or store.token_is_stale(timezone.now(), margin_seconds=MARGIN_SECONDS):
            return self._refreshed(seen=token)
        return Shop(domain=store.domain, token=token)

    def _refreshed(self, *, seen: str) -> Shop:
        try:
            self.store = _apart(lambda: self._refresh_in_turn(seen))
        except TokenRefusedError as error:
            self._mark(error)
            raise
        except AnswerLostError as error:
            # The refresh may have happened; what the caller wanted was not sent.
            raise UnreachableError(error.message) from error
        return Shop(domain=self.store.domain, token=self.store.secrets["access_token"])

    def _refresh_in_turn(self, seen: str) -> Store:
        """Refresh under the row's lock; whoever waited finds the new pair and asks nobody."""
        with tenant_scope(self.workspace_id):
            store: Store = Store.objects.select_for_update().get(pk=self.store_id)
            token = store.secrets.get("access_token", "")
            now = timezone.now()
            if token and token != seen and not store.token_is_stale(now, margin_seconds=0):
                return store
            refresh_token = store.secrets.get("refresh_token", "")
            if not refresh_token:
                raise TokenRefusedError(
                    "The shop's key is no longer valid. Open the app in Shopify once."
                )
            grant = tokens.refresh(store.domain, refresh_token, client=self._client)
            keep_credentials(store=store, credentials=credentials_of(grant))
            logger.info("shopify.token_refreshed", store_id=str(store.pk))
            return store

    def _mark(self, error: ShopifyError) -> None:
        status = _TROUBLES[type(error)]

        def mark() -> None:
            with tenant_scope(self.workspace_id):
                mark_trouble(store=self.store, status=status, trouble=error.message)

        _apart(mark)
        self.store.status = status
        self.store.trouble = error.message


def credentials_of(grant: tokens.Grant) -> Credentials:
    """Return a grant in the words of the store's row."""
    return Credentials(
        secrets=grant.secrets,
        scopes=grant.scopes,
        expires_at=grant.expires_at,
        refresh_expires_at=grant.refresh_expires_at,
    )


def refresh_now(store: Store, *, client: Client | None = None) -> None:
    """Refresh a shop nobody called for a while. Raises a ShopifyError."""
    Connection(store, client=client)._refreshed(seen=store.secrets.get("access_token", ""))


def _apart(work: Callable[[], T]) -> T:
    """Run ``work`` in a transaction of its own, on another connection if this one is in one."""
    if not connection.in_atomic_block:
        return work()
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, name="store-apart")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
