"""Every GraphQL document is valid, here against the reduced schema, and with the full ones beside."""

import subprocess
import sys
from functools import cache

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate

from helpdesk.embedded import ROOT
from identity.shopify.documents import FOLDER, document

NAMES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.graphql"))
CHECKER = ROOT.parent / "shared" / "shopify" / "validate_documents.py"


@cache
def reduced():
    folder = ROOT / "sandbox" / "shopify"
    [path] = folder.glob("admin_*.graphql")
    return build_schema(path.read_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_valid_in_the_reduced_schema(name):
    assert validate(reduced(), parse(document(name).text)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_document_tells_its_operation(name):
    found = document(name)
    [definition] = [
        one for one in parse(found.text).definitions if isinstance(one, OperationDefinitionNode)
    ]
    assert definition.name is not None
    assert definition.name.value == found.operation
    assert (definition.operation.value == "mutation") is found.writes


@pytest.mark.corpus
@pytest.mark.parametrize("version", ["2026-07", "2026-10"])
def test_every_document_is_valid_in_the_full_schema(version):
    done = subprocess.run(
        [sys.executable, str(CHECKER), "--schema", version, str(FOLDER)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
