"""The document as JSON and as YAML."""

import json

import msgspec
from tests.support.shop import shop

from servicehost.openapi import as_json, as_yaml, document


def test_both_texts_say_the_same() -> None:
    """A client may take either."""
    made = document(shop())
    assert json.loads(as_json(made)) == msgspec.yaml.decode(as_yaml(made))


def test_the_yaml_has_no_references_of_its_own() -> None:
    """What stands in several endpoints is written out: OpenAPI has references for what is shared."""
    lines = as_yaml(document(shop())).splitlines()
    assert [] == [line for line in lines if line.split(": ")[-1].startswith(("&", "*"))]


def test_the_document_is_the_same_each_time() -> None:
    """So that a changed document is a changed contract."""
    assert as_json(document(shop())) == as_json(document(shop()))
