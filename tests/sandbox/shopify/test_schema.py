"""The reduced schema is a part of the official one, and nothing of our own making."""

import gzip
import json
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, build_schema, is_enum_type, print_type

from helpdesk.embedded import ROOT
from sandbox.shopify.schema import access, schema

OFFICIAL = ROOT.parent / "shared" / "shopify" / "schema"


@pytest.mark.corpus
def test_every_type_and_field_is_shopifys_own():
    text = gzip.decompress((OFFICIAL / "admin_2026-10.graphql.gz").read_bytes()).decode()
    official = build_schema(text, assume_valid=True)
    for name, kind in schema().type_map.items():
        wanted: Any = official.type_map[name]
        if is_enum_type(kind):
            assert set(kind.values) == set(wanted.values), name
        for field, found in getattr(kind, "fields", {}).items():
            assert str(found.type) == str(wanted.fields[field].type), f"{name}.{field}"
            for argument, given in getattr(found, "args", {}).items():
                assert str(given.type) == str(wanted.fields[field].args[argument].type)
        if isinstance(kind, GraphQLInputObjectType):
            assert set(kind.fields) == set(wanted.fields), name


@pytest.mark.corpus
def test_scopes_and_protection_are_shopifys_own():
    official = json.loads(gzip.decompress((OFFICIAL / "access_2026-10.json.gz").read_bytes()))

    assert all(official[name].items() >= entry.items() for name, entry in access().items())


def test_an_input_that_takes_one_member_says_so():
    assert "@oneOf" in print_type(schema().type_map["CustomerIdentifierInput"])
