"""JavaScript and TypeScript programs that use generated sources with the published client library."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.clients import node_modules
from tests.support.compilers import compiler, run
from tests.support.recorded import filled, messages, recorded, recordings, understood

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

ID = "0193a1b2-5c6d-7e8f-9a0b-0000000000ff"

RECORDED = """
export const answer = await new Response(process.stdin).text(), seen = {};
globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    Object.assign(seen, { method: request.method, url: request.url, body: await request.text() });
    return new Response(answer, { headers: { 'Content-Type': 'application/json' } });
};
"""
"""A module that answers every request with what stands in the standard input, and keeps the request."""

ASK = f"""
const client = new JsonServiceClient('http://platform.example.com');
const asked = new GetConnectionsToContact({{ ContactId: '{ID}', IsPagedMode: true, SortOrder: SortOrder.Descending }});
const found = await client.send(asked), [first, second] = found.Connections;
const told = [first.Contact.ContactFullName, second.AllowRemove, first.FromDate, found.TotalConnections];
console.log(JSON.stringify([seen.method, seen.url, seen.body, told, found.constructor.name]));
"""
"""End of a program: sends a request and reports the response."""

NAMES = """
import { readFileSync } from 'node:fs';
const recordings = JSON.parse(readFileSync(0, 'utf8')), dtos = await import('./dtos.mjs');
const declared = (name, given) => Object.fromEntries(Object.keys(new dtos[name]()).map(key => [key, given[key]]));
console.log(JSON.stringify(Object.entries(recordings).map(([name, text]) => [name, declared(name, JSON.parse(text))])));
"""
"""Prints, for every message, exactly the members that its class declares."""


def workplace(folder: Path) -> str:
    """Return Node and a folder in which the published packages can be imported."""
    node = compiler("node")
    (folder / "node_modules").symlink_to(node_modules())
    (folder / "recorded.mjs").write_text(RECORDED, encoding="utf-8")
    (folder / "recorded.d.mts").write_text(
        "export const seen: { method: string, url: string, body: string };", encoding="utf-8"
    )
    return node


def save(folder: Path, name: str, catalog: Catalog, key: str, compat: str = "") -> str:
    """Save the source of a catalog under this name."""
    text = source(catalog, LANGUAGES[key], Options.from_query([("compat", compat)]), NOW)
    (folder / name).write_text(text, encoding="utf-8")
    return text


def compile_strictly(folder: Path, *arguments: str) -> None:
    """Compile with all checks of TypeScript's `strict`."""
    tsc = node_modules() / ".bin" / "tsc"
    common = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"]
    run(compiler("node"), tsc, *common, *arguments, cwd=folder)


def check_names(folder: Path, catalog: Catalog) -> None:
    """Check that the classes of `dtos.mjs` declare all members of every message under their wire names."""
    models, given = messages(catalog), json.dumps(recordings(catalog))
    printed = run(compiler("node"), "--input-type=module", "--eval", NAMES, cwd=folder, stdin=given)
    actual = {name: understood(models[name], json.dumps(values)) for name, values in json.loads(printed)}
    assert {name: filled(model) for name, model in models.items()} == actual


def check_asking(folder: Path, catalog: Catalog, program: str) -> None:
    """Check that a program that ends with `ASK` sends the expected request and reads the response."""
    models = messages(catalog)
    answer = models["GetConnectionsToContactResponse"]
    printed = run(compiler("node"), program, cwd=folder, stdin=recorded(answer))
    method, url, body, told, made = json.loads(printed)
    expected: Any = filled(answer)
    first, second = expected.connections
    assert ("POST", "http://platform.example.com/api/GetConnectionsToContact") == (method, url)
    asked: Any = understood(models["GetConnectionsToContact"], body)
    assert (ID, True, "Descending") == (asked.contact_id, asked.is_paged_mode, asked.sort_order.value)
    written = first.from_date.isoformat().replace("+00:00", "Z")
    assert [first.contact.contact_full_name, second.allow_remove, written, expected.total_connections] == told
    assert made in ("GetConnectionsToContactResponse", "Object")


__all__ = ["ASK", "check_asking", "check_names", "compile_strictly", "save", "workplace"]
