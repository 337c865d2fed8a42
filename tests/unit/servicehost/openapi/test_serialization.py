"""The document in JSON and YAML."""

import json

import msgspec
from tests.support.shop import shop

from servicehost.openapi import as_json, as_yaml, document


def test_both_texts_say_the_same() -> None:
    """Both contain the same document."""
    made = document(shop())
    assert json.loads(as_json(made)) == msgspec.yaml.decode(as_yaml(made))


def test_the_yaml_has_no_references_of_its_own() -> None:
    """Repeated parts are written out: OpenAPI has its own references."""
    lines = as_yaml(document(shop())).splitlines()
    assert [] == [line for line in lines if line.split(": ")[-1].startswith(("&", "*"))]


def test_the_document_is_the_same_each_time() -> None:
    """A changed document therefore means a changed contract."""
    assert as_json(document(shop())) == as_json(document(shop()))
