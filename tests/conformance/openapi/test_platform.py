"""The OpenAPI document of the whole platform."""

import functools
import json
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.support.catalog import PUBLIC_URL, the_catalog

from servicehost.openapi import as_json, document

pytestmark = pytest.mark.conformance


@functools.cache
def whole() -> Any:
    """Return the document as a client reads it."""
    return json.loads(as_json(document(the_catalog())))


def test_it_is_valid_openapi() -> None:
    """The document conforms to the specification's schema and rules."""
    assert [] == list(OpenAPIV31SpecValidator(whole()).iter_errors())


@pytest.mark.parametrize("kind", ["requestBodies", "responses"])
def test_every_example_is_of_its_schema(kind: str) -> None:
    """Examples of requests, responses and errors match their schemas."""
    for name, part in whole()["components"][kind].items():
        content = part["content"]["application/json"]
        validator = OAS31Validator({**whole(), **content["schema"]}, format_checker=oas31_format_checker)
        assert [] == [f"{name}: {error.message}" for error in validator.iter_errors(content["example"])]


def test_every_published_operation_has_a_path_made_of_its_name() -> None:
    """Published clients use these paths."""
    expected = {f"/api/{operation.name}" for operation in the_catalog().sorted()}
    assert expected <= set(whole()["paths"])
    assert [{"url": PUBLIC_URL}] == whole()["servers"]
