"""The host accepts the sample requests of its pages."""

import pytest
from tests.support.documented import Site, format_named

from servicehost.formats.codec import Style
from servicehost.samples import sample_text


@pytest.mark.parametrize("format_name", ["json", "xml", "jsv", "csv", "jsonl"])
@pytest.mark.parametrize("name", ["ConnectionRequestResend", "ConnectionStatusUpdate", "GetItems", "SaveItem", "Ping"])
def test_the_sample_request_is_read(site: Site, name: str, format_name: str) -> None:
    """Every published member is read, except the Guids that JSV omits."""
    operation = site.catalog.find(name)
    assert operation is not None
    namespace = site.catalog.service.namespace
    body = sample_text(operation.request, format_name, namespace).encode()
    values = format_named(format_name).reader(operation.request, Style(namespace))(body)
    expected = {member.attribute for member in operation.request.published if member.name.encode() in body}
    assert expected == set(values)
