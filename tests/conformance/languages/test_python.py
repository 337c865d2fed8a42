"""The Python source of the whole API, in the environment of the published client library."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.support.catalog import the_catalog
from tests.support.clients import python_of_clients
from tests.support.compilers import run
from tests.support.every_form import every_form
from tests.support.recorded import filled, messages, misspelled, recorded, understood

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Message
from servicehost.languages import LANGUAGES, Options, source

pytestmark = pytest.mark.conformance

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LIBRARY = LANGUAGES["python"].library

DECODE_AND_ENCODE = """
import json, sys
import dtos
from servicestack import from_json, to_json

recordings = json.load(sys.stdin)
json.dump({name: to_json(from_json(getattr(dtos, name), text)) for name, text in recordings.items()}, sys.stdout)
"""

ASK_AND_TELL = """
import json, sys
import dtos, requests
from servicestack import JsonServiceClient

class Recorded(requests.adapters.BaseAdapter):
    def send(self, request, **_options):
        self.request, response = request, requests.Response()
        response.status_code, response._content = 200, sys.stdin.buffer.read()
        return response
    def close(self):
        pass

adapter, client = Recorded(), JsonServiceClient("http://platform.example.com")
client._session.mount("http://", adapter)
id = "0193a1b2-5c6d-7e8f-9a0b-0000000000ff"
answer = client.send(dtos.GetConnectionsToContact(ContactId=id, IsPagedMode=True, SortOrder=dtos.SortOrder.DESCENDING))
first, second = answer.Connections
told = [first.Contact.ContactFullName, second.AllowRemove, str(first.FromDate), answer.TotalConnections]
json.dump([adapter.request.method, adapter.request.url, adapter.request.body, told], sys.stdout)
"""


def saved(catalog: Catalog, folder: Path, **query: str) -> str:
    """Return the Python interpreter of the clients, after saving the source of a catalog for it."""
    text = source(catalog, LANGUAGES["python"], Options.from_query(query.items()), NOW)
    (folder / "dtos.py").write_text(text, encoding="utf-8")
    return python_of_clients()


def as_the_library_can(message: Message) -> Message:
    """Return the message without values that the library mishandles.

    It writes 26 hours as `P1.0DT26H`, which is not a valid duration, and ignores members whose names are not identifiers.
    """
    members = structs.fields(message)
    known = {each.name: _tamed(getattr(message, each.name)) for each in members}
    unknown = {each.name: None for each in members if not each.encode_name.isidentifier()}
    return structs.replace(message, **(known | unknown))


def _tamed(value: Any) -> Any:
    if isinstance(value, Message):
        return as_the_library_can(value)
    return value % timedelta(days=1) if isinstance(value, timedelta) else value


@pytest.mark.parametrize("compat", ["", "latest"])
@pytest.mark.parametrize("catalog_of", [the_catalog, every_form])
def test_every_message_survives(tmp_path: Path, catalog_of: Callable[[], Catalog], compat: str) -> None:
    """JSON of the server, decoded and encoded again by the library, has the same names and is what the server reads."""
    catalog = catalog_of()
    python = saved(catalog, tmp_path, compat=compat)
    models = {name: model for name, model in messages(catalog).items() if name not in LIBRARY}
    expected = {name: as_the_library_can(filled(model)) for name, model in models.items()}
    given = {name: recorded(models[name], message) for name, message in expected.items()}
    printed = json.loads(run(python, "-W", "error", "-c", DECODE_AND_ENCODE, cwd=tmp_path, stdin=json.dumps(given)))
    assert expected == {name: understood(models[name], text) for name, text in printed.items()}
    assert set() == misspelled(given, printed)


def test_the_client_asks_and_understands(tmp_path: Path) -> None:
    """`JsonServiceClient` finds path, method and response in the source, and every member in the response."""
    python = saved(the_catalog(), tmp_path)
    models = messages(the_catalog())
    answer = models["GetConnectionsToContactResponse"]
    method, url, body, told = json.loads(run(python, "-c", ASK_AND_TELL, cwd=tmp_path, stdin=recorded(answer)))
    expected: Any = filled(answer)
    first, second = expected.connections
    assert ("POST", "http://platform.example.com/api/GetConnectionsToContact") == (method, url)
    asked: Any = understood(models["GetConnectionsToContact"], body)
    assert ("0193a1b2-5c6d-7e8f-9a0b-0000000000ff", True) == (asked.contact_id, asked.is_paged_mode)
    assert asked.sort_order.value == "Descending"
    assert [
        first.contact.contact_full_name,
        second.allow_remove,
        str(first.from_date),
        expected.total_connections,
    ] == told
