"""Required members on pages, in sources, in OpenAPI and on a running server, for every operation."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.catalog import the_catalog
from tests.support.installation import UNLIMITED, Server, running

from servicehost.contract.catalog import Operation
from servicehost.contract.types import MemberModel
from servicehost.languages import LANGUAGES, snippet
from servicehost.metadata.parameters import MemberTable, tables
from servicehost.openapi import as_json, document
from servicehost.openapi.examples import example

MARKED_AND_MAY_BE_ABSENT = {
    ("ConnectContactsInRoles", "Roles"),
    ("ConnectContactsInRoles", "SendConnectionEmails"),
    ("GetConnectionRequests", "ContactTypes"),
    ("GetConnectionRequests", "IncludeIgnoredRequests"),
    ("InviteContact", "Roles"),
    ("RegisterNewUser", "Description"),
    ("RegisterNewUser", "EmploymentGeographicArea"),
    ("RegisterNewUser", "EmploymentIndustry"),
    ("RegisterNewUser", "EmploymentRole"),
}
"""Why is in docs/pages.md."""

REFUSED_AND_NOT_MARKED = {
    ("GetResetPasswordToken", "UserName"),
    ("PasswordReset", "NewPassword"),
    ("PasswordReset", "Token"),
}

REFUSED_AND_OPTIONAL = {("VerifyMailbox", "Password")}

OPERATIONS = the_catalog().sorted()
Members = set[tuple[str, str]]


def members() -> Iterator[tuple[Operation, MemberModel]]:
    """Return every published member of every request, including those of base types."""
    return ((operation, member) for operation in OPERATIONS for member in operation.request.published)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an installation without quotas."""
    with running(tmp_path_factory.mktemp("required"), UNLIMITED) as server:
        yield server


def marked_on_pages() -> Members:
    """Return the members whose row says Yes."""
    found: Members = set()
    for operation in OPERATIONS:
        own = {operation.request.name, *([operation.request.base.name] if operation.request.base else [])}
        shown = (table for table in tables(operation) if isinstance(table, MemberTable) and table.name in own)
        found |= {(operation.name, row.name) for table in shown for row in table.rows if row.required == "Yes"}
    return found


def marked_in_sources() -> Members:
    """Return the members whose attribute in C# says `IsRequired=true`."""
    found: Members = set()
    for operation in OPERATIONS:
        source = snippet(the_catalog(), operation, LANGUAGES["csharp"])
        declared = re.search(rf"partial class {operation.name}\n(.*?)^    \}}", source, re.MULTILINE | re.DOTALL)
        assert declared is not None
        pairs = re.findall(r"IsRequired=true.*\n.* (\w+) \{ get", declared[1])
        found |= {(operation.name, name) for name in pairs}
    return found


def required_in_openapi() -> Members:
    """Return the members that are required in the body at the name of an operation, or in its query if it has no body."""
    whole: Any = json.loads(as_json(document(the_catalog())))
    found: Members = set()
    for operation in OPERATIONS:
        place = whole["paths"][f"/api/{operation.name}"]
        asked = place.get("post") or place["get"]
        schema = whole["components"]["schemas"].get(f"{operation.name}Dto", {})
        names = schema.get("required", []) if "requestBody" in asked else []
        found |= {(operation.name, name) for name in names}
    return found


def refused_by(server: Server) -> Members:
    """Return the members without which a request is rejected and which the response names."""
    assert server.operator is not None
    basic = base64.b64encode(":".join(server.operator).encode()).decode()
    found: Members = set()
    for operation, member in members():
        rest = [each for each in operation.request.published if each is not member]
        body = json.dumps(example(operation.request, rest))
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {basic}"}
        reply = server.send("POST", f"/api/{operation.name}", body, headers)
        assert reply.status < 500
        status = reply.json.get("responseStatus", {}) if reply.body else {}
        errors = [(error["errorCode"], error["fieldName"]) for error in status.get("errors", [])]
        if ("NotEmpty", member.name) in errors:
            found.add((operation.name, member.name))
    return found


def test_pages_and_sources_mark_the_same_members() -> None:
    """Both follow the published contract."""
    assert marked_on_pages() == marked_in_sources()


def test_openapi_requires_what_the_server_refuses_to_do_without(server: Server) -> None:
    """Every other member may be absent, except for one that older clients do not know."""
    assert required_in_openapi() | REFUSED_AND_OPTIONAL == refused_by(server)


def test_what_is_marked_and_what_is_required_differ_only_where_the_documents_say_so() -> None:
    """The differences are lists and bools, a few texts of a registration, and members that the published contract does not mark."""
    assert marked_on_pages() - required_in_openapi() == MARKED_AND_MAY_BE_ABSENT
    assert required_in_openapi() - marked_on_pages() == REFUSED_AND_NOT_MARKED
    written = (Path(__file__).parents[2] / "docs" / "pages.md").read_text(encoding="utf-8").partition("## Required")[2]
    texts = {name for operation, name in MARKED_AND_MAY_BE_ABSENT if operation == "RegisterNewUser"}
    named = texts | {name for pair in REFUSED_AND_NOT_MARKED | REFUSED_AND_OPTIONAL for name in pair}
    assert {name for name in named if f"`{name}`" in written} == named
