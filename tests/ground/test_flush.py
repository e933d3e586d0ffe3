"""Tests that commit leave nothing behind, although the product's role may not TRUNCATE."""

import pytest

from identity.models import User, Workspace
from identity.tenancy import tenant_scope
from tests.factories.identity import make_user, make_workspace


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "second"])
def test_committed_rows_of_another_test_are_gone(run):
    assert not User.objects.exists()
    assert not Workspace.objects.exists()

    workspace = make_workspace("Left behind", owner=make_user("Left"))

    with tenant_scope(workspace.pk):
        assert workspace.name == "Left behind"
