"""TypeScript clients generated from the document of the whole platform: compiled strictly, and used against a running server."""

import json
from pathlib import Path

import pytest
from tests.support.clients import node_modules, openapi_tools, saved_document
from tests.support.compilers import compiler, run
from tests.support.installation import Server, running

pytestmark = pytest.mark.conformance

FETCH = """
import { AuthApi, Configuration, ConnectionsApi, ContactsApi, ResponseError } from './client/index';

const [, , basePath, userName, password] = process.argv;
const id = '0193a1b2-5c6d-7e8f-9a0b-1c2d3e4f5a6b', ids = { contactId: id, contactTypeId: id, roleId: id };
const credentials = { provider: 'credentials', userName, password, useTokenCookie: false };
const session = await new AuthApi(new Configuration({ basePath })).authenticatePost({ authenticateDto: credentials });
const signedIn = new Configuration({ basePath, accessToken: session.bearerToken ?? '' });
const own = await new ContactsApi(signedIn).getOwnContact();
const connections = new ConnectionsApi(signedIn);
const refused = async (asked: Promise<unknown>) => {
    try { await asked; } catch (error) { if (error instanceof ResponseError) return error.response.status; }
    return 200;
};
console.log(JSON.stringify([
    session.userName,
    own.contact?.emailAddress,
    await refused(connections.connectionStatusUpdate({ connectionStatusUpdateDto: { connectionId: id, action: 'cancel', ...ids } })),
    await refused(connections.connectionStatusUpdateConnectionsCancel({ connectionId: id, connectionStatusUpdateBodyDto: ids })),
]));
"""

ORVAL = """
import {
    authenticatePost, connectionStatusUpdate, connectionStatusUpdateConnectionsCancel, getOwnContact,
} from './client';

const [, , userName, password] = process.argv;
const id = '0193a1b2-5c6d-7e8f-9a0b-1c2d3e4f5a6b', ids = { ContactId: id, ContactTypeId: id, RoleId: id };
const credentials = { provider: 'credentials', userName, password, useTokenCookie: false };
const session = await authenticatePost(credentials);
if (session.status !== 200) throw new Error(JSON.stringify(session));
const signedIn = { headers: { Authorization: `Bearer ${session.data.bearerToken}` } };
const own = await getOwnContact(signedIn);
const named = await connectionStatusUpdate({ ConnectionId: id, Action: 'cancel', ...ids }, signedIn);
const routed = await connectionStatusUpdateConnectionsCancel(id, ids, signedIn);
console.log(JSON.stringify([
    session.data.userName,
    own.status === 200 ? own.data.Contact?.EmailAddress : null,
    named.status,
    routed.status,
]));
"""

STRICTLY = ("--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--skipLibCheck", "false")
AS_BUNDLERS_DO = ("--module", "esnext", "--moduleResolution", "bundler")
DECLARED = "declare const process: { argv: string[] };\n"


def used(folder: Path, program: str, *arguments: str) -> list[object]:
    """Return the output of a program that imports the generated client: compiled with every check, bundled, run."""
    (folder / "program.ts").write_text(DECLARED + program, encoding="utf-8")
    node, programs = compiler("node"), node_modules() / ".bin"
    run(node, programs / "tsc", *STRICTLY, *AS_BUNDLERS_DO, "--noEmit", "program.ts", cwd=folder)
    bundle = ["--bundle", "--format=esm", "--platform=node", "--log-level=warning", "--outfile=program.mjs"]
    run(programs / "esbuild", "program.ts", *bundle, cwd=folder)
    told: list[object] = json.loads(run(node, "program.mjs", *arguments, cwd=folder))
    return told


def expected_of(server: Server) -> list[object]:
    """Return the expected output: the operator's address twice, as user name and in the contact, and two ids that do not exist."""
    assert server.operator is not None
    return [server.operator[0], server.operator[0], 404, 404]


def test_openapi_generator_makes_a_client_that_compiles_and_works(tmp_path: Path) -> None:
    """The generator's names do not collide with names of the document. The address may end in a slash."""
    generator = openapi_tools() / "openapi-generator-cli"
    compiler("java")
    command: list[str | Path] = [
        generator,
        "generate",
        "--input-spec",
        saved_document(tmp_path),
        "--generator-name",
        "typescript-fetch",
    ]
    run(*command, "--output", "client", cwd=tmp_path)
    with running(tmp_path) as server:
        assert server.operator is not None
        assert expected_of(server) == used(tmp_path, FETCH, f"{server.url}/", *server.operator)


def test_orval_makes_a_client_that_compiles_and_works(tmp_path: Path) -> None:
    """It names types after operations, bodies and parameters."""
    with running(tmp_path) as server:
        assert server.operator is not None
        output = {"target": "./client.ts", "client": "fetch", "mode": "single", "baseUrl": f"{server.url}/"}
        settings = {"platform": {"input": str(saved_document(tmp_path)), "output": output}}
        (tmp_path / "orval.config.mjs").write_text(f"export default {json.dumps(settings)};", encoding="utf-8")
        run(compiler("node"), node_modules() / ".bin" / "orval", "--config", "orval.config.mjs", cwd=tmp_path)
        assert expected_of(server) == used(tmp_path, ORVAL, *server.operator)
