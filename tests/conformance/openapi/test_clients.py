"""Clients generated from the document of the whole platform, used against a running server."""

import json
from pathlib import Path

import pytest
from tests.support.clients import node_modules, openapi_tools, saved_document
from tests.support.compilers import compiler, run
from tests.support.installation import running

pytestmark = pytest.mark.conformance

TYPESCRIPT = """
import type { components, operations, paths } from './platform.ts';

type Update = components['schemas']['ConnectionStatusUpdateDto'];
const ids = { ConnectionId: 'c', ContactId: 'p', ContactTypeId: 't', RoleId: 'r' };
const update: Update = { ...ids, Action: 'cancel' };
// @ts-expect-error - a role is required
const without: Update = { ConnectionId: 'c', ContactId: 'p', ContactTypeId: 't' };

type Cancel = paths['/api/connections/{ConnectionId}/cancel']['post'];
const path: Cancel['parameters']['path'] = { ConnectionId: 'c' };
type Refused = Cancel['responses']['409']['content']['application/json'];
const code = (refused: Refused) => refused.ResponseStatus?.ErrorCode;

type Found = operations['GetConnectionsToContact']['responses']['200']['content']['application/json'];
const names = (found: Found) => found.Connections.map(each => each.Contact?.ContactFullName);
export { code, names, path, update };
"""

PYTHON = """
import json, sys
from uuid import uuid4

from platform_client import AuthenticatedClient, Client
from platform_client.api.auth import authenticate_post
from platform_client.api.connections import connection_status_update, connection_status_update_connections_cancel
from platform_client.api.lists import get_lists, get_lists_lists
from platform_client.api.contacts import get_own_contact, get_connections_to_contact_contacts_connections
from platform_client.models import AuthenticateDto, ConnectionStatusUpdateBodyDto, ConnectionStatusUpdateDto

url, address, password = sys.argv[1:]
strict = dict(base_url=url, raise_on_unexpected_status=True)
credentials = AuthenticateDto(provider="credentials", user_name=address, password=password, use_token_cookie=False)
signed_in = authenticate_post.sync(client=Client(**strict), body=credentials)
client = AuthenticatedClient(token=signed_in.bearer_token, **strict)

own = get_own_contact.sync(client=client)
ids = dict(contact_id=uuid4(), contact_type_id=uuid4(), role_id=uuid4())
named = connection_status_update.sync_detailed(
    client=client, body=ConnectionStatusUpdateDto(connection_id=uuid4(), action="cancel", **ids)
)
routed = connection_status_update_connections_cancel.sync_detailed(
    uuid4(), client=client, body=ConnectionStatusUpdateBodyDto(**ids)
)
json.dump({
    "signed in": signed_in.user_name,
    "own": type(own).__name__,
    "lists": [type(get_lists.sync(client=client)).__name__, type(get_lists_lists.sync(client=client)).__name__],
    "named": [named.status_code, named.parsed.response_status.error_code],
    "routed": [routed.status_code, routed.parsed.response_status.error_code],
}, sys.stdout)
"""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""Checks of every response.

Checks that undocumented requests are rejected are omitted, because the host is tolerant: it accepts other notations of
values, and routes for all verbs accept PUT, PATCH and DELETE in addition to the documented methods.
"""


def test_typescript_types_are_generated_and_strict(tmp_path: Path) -> None:
    """The types express required members, error responses, and members that are always present."""
    node, generator = compiler("node"), node_modules() / ".bin" / "openapi-typescript"
    run(node, generator, saved_document(tmp_path), "--output", "platform.ts", cwd=tmp_path)
    (tmp_path / "program.ts").write_text(TYPESCRIPT, encoding="utf-8")
    strictly = ["--strict", "--noEmit", "--allowImportingTsExtensions", "--target", "es2022", "--module", "nodenext"]
    run(node, node_modules() / ".bin" / "tsc", *strictly, "program.ts", cwd=tmp_path)


@pytest.mark.parametrize("ending", ["", "/"])
def test_a_python_client_is_generated_and_understands_the_platform(tmp_path: Path, ending: str) -> None:
    """It signs in, sends requests and reads errors, at the operation's name and on a route, without an unexpected status.

    The address of the server may end in a slash.
    """
    generator = openapi_tools() / "openapi-python-client"
    (tmp_path / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    options = ["--meta", "none", "--output-path", "platform_client", "--config", "config.yaml"]
    run(generator, "generate", "--path", saved_document(tmp_path), *options, cwd=tmp_path)
    with running(tmp_path) as server:
        assert server.operator is not None
        program = [str(openapi_tools() / "python"), "-W", "error", "-c", PYTHON, server.url + ending, *server.operator]
        told = json.loads(run(*program, cwd=tmp_path))
    expected = {
        "signed in": server.operator[0],
        "own": "GetOwnContactResponseDto",
        "lists": ["GetListResponseDto", "GetListResponseDto"],
        "named": [404, "NotFound"],
        "routed": [404, "NotFound"],
    }
    assert expected == told


def test_no_generated_request_finds_what_the_document_does_not_say(tmp_path: Path) -> None:
    """Generated requests never cause a 5xx, or a status, header, media type or body that is not documented."""
    tester = openapi_tools() / "schemathesis"
    with running(tmp_path) as server:
        assert server.operator is not None
        options = [f"--url={server.url}", f"--checks={','.join(CHECKS)}", "--auth", ":".join(server.operator)]
        bounded = ["--phases=examples,fuzzing", "--max-examples=5", "--seed=1", "--warnings=off", "--no-color"]
        run(tester, "run", saved_document(tmp_path), *options, *bounded, cwd=tmp_path)
