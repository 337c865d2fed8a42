"""The Go sources, compiled and run with a stub of the client library."""

import json
import shutil
from pathlib import Path

import pytest
from tests.support.compilers import compiler, run
from tests.support.exchange import CATALOGS, declared_response, sources
from tests.support.first_program import CONTACT, answer, question, told, understood_question
from tests.support.recorded import changed, messages, misspelled, recordings

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, snippet

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "go"
CLIENT = "github.com/ServiceStack/servicestack-go"
OFFLINE = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOWORK": "off"}

MODULE = f"""
module conformance

go 1.19

require {CLIENT} v0.0.0

replace {CLIENT} => ./servicestack-go
"""

FIRST_PROGRAM = f"""
package main

import (
	"encoding/json"
	"os"

	"conformance/dtos"
	ss "{CLIENT}"
)

func ask[T any](request ss.Asks[T]) (method string, body []byte, answer T) {{
	body, _ = json.Marshal(request)
	answer = request.CreateResponse()
	if err := json.NewDecoder(os.Stdin).Decode(&answer); err != nil {{
		panic(err)
	}}
	return request.HttpMethod(), body, answer
}}

func main() {{
	method, body, answer := ask[dtos.GetConnectionsToContactResponse](dtos.GetConnectionsToContact{{
		ContactId:   "{CONTACT}",
		IsPagedMode: true,
		PagedModel:  dtos.PagedModel{{SortOrder: dtos.SortOrderDescending}},
	}})
	second := answer.Connections[1]
	told := []any{{*second.Contact.ContactFullName, second.AllowRemove, second.FromDate, len(answer.Connections)}}
	_ = json.NewEncoder(os.Stdout).Encode([]any{{method, string(body), told}})
}}
"""


def project(folder: Path, source: str, **files: str) -> str:
    """Return the Go compiler, and a module with a source as its package `dtos` and other files."""
    go = compiler("go")
    shutil.copytree(STUBS / "servicestack-go", folder / "servicestack-go")
    (folder / "dtos").mkdir()
    for path, text in {"go.mod": MODULE, "dtos/dtos.go": source, **files}.items():
        (folder / path).write_text(text, encoding="utf-8")
    return go


def table(catalog: Catalog) -> str:
    """Return Go code that decodes and encodes each message, and identifies each request to the library."""
    rows = "".join(f'\t"{name}": again[dtos.{name}],\n' for name in messages(catalog))
    kinds = "".join(
        f"var _ ss.{f'Asks[dtos.{answer}]' if (answer := declared_response(each)) else 'Tells'} = dtos.{each.request.name}{{}}\n"
        for each in catalog
        if each.contract.published
    )
    imports = f'import (\n\t"conformance/dtos"\n\tss "{CLIENT}"\n)\n'
    return f"package main\n{imports}\n{kinds}\nvar messages = map[string]func(string) (string, error){{\n{rows}}}\n"


@pytest.mark.parametrize("name", ["platform", "forms"])
def test_every_message_comes_back_from_go(tmp_path: Path, name: str) -> None:
    """A message with every member filled, decoded and encoded in Go, equals the server's JSON, with the same names."""
    catalog = CATALOGS[name]()
    again = (STUBS / "again.go").read_text(encoding="utf-8")
    go = project(tmp_path, sources("go")[name], **{"again.go": again, "messages.go": table(catalog)})
    sent = recordings(catalog)
    received = json.loads(run(go, "run", ".", cwd=tmp_path, stdin=json.dumps(sent), environment=OFFLINE))
    assert {} == changed(catalog, received)
    assert set() == misspelled(sent, received)


def test_a_first_program_in_go(tmp_path: Path) -> None:
    """A request has its method and its response; fields have the expected names and types."""
    go = project(tmp_path, sources("go")["platform"], **{"main.go": FIRST_PROGRAM})
    method, body, said = json.loads(run(go, "run", ".", cwd=tmp_path, stdin=answer(), environment=OFFLINE))
    assert ("POST", question()) == (method, understood_question(body))
    assert told() == said


def test_gofmt_and_vet_have_nothing_to_say(tmp_path: Path) -> None:
    """Neither tool reports anything on whole files, hostile descriptions, and the snippets of pages."""
    files = dict(sources("go"))
    for catalog in (catalog_of() for catalog_of in CATALOGS.values()):
        files |= {operation.name: snippet(catalog, operation, LANGUAGES["go"]) for operation in catalog}
    go = project(tmp_path, files["platform"])
    for name, text in files.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "dtos.go").write_text(text, encoding="utf-8")
    assert run(compiler("gofmt"), "-l", ".", cwd=tmp_path) == ""
    assert run(go, "vet", "./...", cwd=tmp_path, environment=OFFLINE) == ""
