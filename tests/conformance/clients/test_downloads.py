"""The published tools that download and update sources: `typescript-ref` and its equivalents."""

import re
from pathlib import Path

import pytest
from tests.support.programs import Platform, compile_strictly, reference

pytestmark = pytest.mark.conformance

FILES = {
    "csharp": "dtos.cs",
    "dart": "dtos.dart",
    "fsharp": "dtos.fs",
    "java": "dtos.java",
    "kotlin": "dtos.kt",
    "swift": "dtos.swift",
    "typescript": "dtos.ts",
    "typescriptd": "dtos.d.ts",
    "vbnet": "dtos.vb",
}
"""The languages that the tool knows, and what it calls their files."""

SHORT = {"cs": "dtos.cs", "fs": "dtos.fs", "kt": "dtos.kt", "ts": "dtos.ts", "tsd": "dtos.d.ts", "vb": "dtos.vb"}
"""Other names of the same."""


def undated(path: Path) -> str:
    """Return a file without its date."""
    return re.sub(r"(?m)^'?Date: .*\n", "", path.read_text(encoding="utf-8"))


def override(path: Path, option: str, value: str) -> None:
    """Set an option in the header of a file by removing the comment mark, as its tip says."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r'remove "(.+)" prefix', text)
    assert found is not None
    changed = re.sub(rf"(?m)^('?){re.escape(found[1])}{option}:.*$", rf"\g<1>{option}: {value}", text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize(("name", "file"), [*FILES.items(), *SHORT.items()])
def test_a_source_is_added(platform: Platform, tmp_path: Path, name: str, file: str) -> None:
    """The address of the API suffices; the tool appends `/types/` and the language."""
    assert f"Saved to: {file}\n" == reference(tmp_path, name, f"{platform.server.url}/api")
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert f"BaseUrl: {platform.server.url}/api\n" in text
    assert "RemoveConnection" in text


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_an_update_keeps_the_options_of_a_file(platform: Platform, tmp_path: Path, name: str, file: str) -> None:
    """Options changed in the header are requested again, and appear unchanged in the new header."""
    path = tmp_path / "deep" / "down" / file
    path.parent.mkdir(parents=True)
    reference(path.parent, name, f"{platform.server.url}/api")
    override(path, "IncludeTypes", "GetLists.*,RegisterNewUser")
    override(path, "AddDescriptionAsComments", "False")

    assert f"Updated: {path}\n" == reference(tmp_path, name)
    text = undated(path)
    assert re.search(r"(?m)^'?IncludeTypes: GetLists\.\*, ?RegisterNewUser$", text)
    assert re.search(r"(?m)^'?AddDescriptionAsComments: False$", text)
    assert ("GetLists" in text, "RegisterNewUser" in text, "RemoveConnection" in text) == (True, True, False)

    reference(path.parent, name, file)
    assert text == undated(path)


def test_options_may_stand_in_the_address(platform: Platform, tmp_path: Path) -> None:
    """The tool accepts the complete address of a source."""
    address = f"{platform.server.url}/api/types/typescript?IncludeTypes=GetLists.*&compat=latest"
    assert "Saved to: lists.dtos.ts\n" == reference(tmp_path, "typescript", address, "lists")
    assert "IncludeTypes: GetLists.*\n" in (tmp_path / "lists.dtos.ts").read_text(encoding="utf-8")


def test_what_is_no_api_is_not_saved(platform: Platform, tmp_path: Path) -> None:
    """The tool recognises that the response is not a source."""
    with pytest.raises(AssertionError, match="Invalid Response"):
        reference(tmp_path, "typescript", platform.server.url)
    assert [] == list(tmp_path.iterdir())


def test_declarations_are_strict_typescript(platform: Platform, tmp_path: Path) -> None:
    """`dtos.d.ts` compiles without any library."""
    reference(tmp_path, "typescriptd", f"{platform.server.url}/api")
    compile_strictly(tmp_path, "--noEmit", "dtos.d.ts")
