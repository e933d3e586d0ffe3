from dataclasses import dataclass

import pytest
from django.db import transaction

from helpdesk.foundation.events import publish, subscribe


@dataclass(frozen=True)
class KettleBoiled:
    litres: int


heard: list[str] = []


@subscribe(KettleBoiled)
def clumsy(event):
    raise RuntimeError("I always drop the kettle.")


@subscribe(KettleBoiled)
def careful(event):
    heard.append(f"careful {event.litres}")


@pytest.fixture(autouse=True)
def quiet():
    heard.clear()


def test_listeners_hear_of_it_after_the_commit(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(KettleBoiled(litres=2))
        assert heard == []
    assert heard == ["careful 2"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_fact_is_never_told():
    with transaction.atomic():
        publish(KettleBoiled(litres=1))
        transaction.set_rollback(True)
    assert heard == []
