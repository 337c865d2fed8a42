"""The TypeScript declarations of the whole API: strictly checked programs write what the server writes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.every_form import every_form
from tests.support.node import compile_strictly, save, workplace
from tests.support.recorded import messages, recordings

from servicehost.contract.catalog import Catalog
from servicehost.contract.types import MessageModel

pytestmark = pytest.mark.conformance

ASK = """
import { JsonServiceClient } from '@servicestack/client';
declare const client: JsonServiceClient;
const found: FormsResponse = await client.get('/forms', { Number: 1 });
// @ts-expect-error - no such value
const wrong: Tone = 'Cold';
// @ts-expect-error - a number is no text
const id: string | undefined = found.Scalars?.Number;
"""


def samples(catalog: Catalog) -> str:
    """Return a program that writes every message as the server does; a member under another name is a compiler error."""
    models, texts = messages(catalog), recordings(catalog)
    return "".join(f"const _{name}: {name} = {_published(models[name], texts[name])};\n" for name in models)


def _published(model: MessageModel, text: str) -> str:
    """Return a message without members that no source shows, which the server writes with their defaults."""
    hidden = {member.name for member in model.members if not member.declared.published}
    return json.dumps({name: value for name, value in json.loads(text).items() if name not in hidden})


@pytest.mark.parametrize("catalog_of", [the_catalog, every_form])
def test_every_message_has_the_names_and_types_of_the_wire(tmp_path: Path, catalog_of: Callable[[], Catalog]) -> None:
    """Names and types match at every depth."""
    catalog = catalog_of()
    save(tmp_path, "dtos.d.ts", catalog, "typescript.d")
    (tmp_path / "program.mts").write_text(f"{samples(catalog)}export {{}};\n", encoding="utf-8")
    compile_strictly(tmp_path, "--noEmit", "dtos.d.ts", "program.mts")


def test_the_client_takes_plain_objects(tmp_path: Path) -> None:
    """A strictly checked program knows the members, and the values of an enumeration."""
    workplace(tmp_path)
    save(tmp_path, "dtos.d.ts", every_form(), "typescript.d")
    (tmp_path / "program.mts").write_text(ASK, encoding="utf-8")
    compile_strictly(tmp_path, "--noEmit", "dtos.d.ts", "program.mts")
