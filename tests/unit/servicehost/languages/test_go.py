"""Types, names and options in the Go source."""

from datetime import UTC, datetime
from typing import Annotated

import pytest
from tests.support.every_form import every_form
from tests.support.shop import catalog_of

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.languages import LANGUAGES, Options, snippet, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Branch(Message):
    """Contains a branch, and a list of branches."""

    parent: "Branch | None" = None
    branches: list["Branch"]


class GetBranchOfTheTreeThatGrowsInTheGarden(Request[Branch]):
    """Get a branch."""

    routes = (Route("/branch", ("GET",)),)

    create_response: str | None = None


class GetBranchOfTheTreeThatGrowsInTheYard(Request[Branch]):
    """Get another."""

    root: Annotated[Branch, Member("Whose branch", required=True)]


def go(catalog: Catalog, **query: str) -> str:
    """Return the Go file of a service, with runs of blanks collapsed."""
    text = source(catalog, LANGUAGES["go"], Options.from_query(query.items()), NOW)
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        'Flag bool `json:"Flag,omitempty"`',
        'MaybeText *string `json:"MaybeText,omitempty"`',
        'MaybeNumber *int `json:"MaybeNumber,omitempty"`',
        'Big int64 `json:"Big,omitempty"`',
        'Price float64 `json:"Price,omitempty"`',
        'At time.Time `json:"At,omitempty"`',
        'MaybeAt *time.Time `json:"MaybeAt,omitempty"`',
        'Lasts string `json:"Lasts,omitempty"`',
        'Data []byte `json:"Data,omitempty"`',
        'MaybeTone *Tone `json:"MaybeTone,omitempty"`',
        'Leaf *Leaf `json:"Leaf,omitempty"`',
        'Texts []string `json:"Texts"`',
        'Ids []string `json:"Ids,omitempty"`',
        'Table [][]int `json:"Table,omitempty"`',
        'Labels map[string]string `json:"Labels"`',
        'Groups map[string][]Leaf `json:"Groups,omitempty"`',
    ],
)
def test_types_and_tags(line: str) -> None:
    """Nullable members are pointers; required members are written even if empty."""
    assert f"\n{line}\n" in go(every_form())


@pytest.mark.parametrize(
    "line",
    [
        'Class *string `json:"class,omitempty"`',
        'FirstName *string `json:"first-name,omitempty"`',
        'Us *string `json:"us$,omitempty"`',
        'ToneDefault Tone = "default"',
        'ToneVeryWarm Tone = "Very Warm"',
    ],
)
def test_names_are_exported_and_the_wire_is_stated(line: str) -> None:
    """All names are exported; every constant has its type."""
    assert f"\n{line}\n" in go(every_form())


def test_a_message_that_holds_itself_is_pointed_to() -> None:
    """A recursive member is a pointer, but not in a list."""
    text = go(catalog_of(GetBranchOfTheTreeThatGrowsInTheYard))
    assert '\nParent *Branch `json:"Parent,omitempty"`\nBranches []Branch `json:"Branches,omitempty"`\n' in text
    assert '\nRoot Branch `json:"Root"`\n' in text


def test_a_method_gives_way_to_a_field_of_its_name() -> None:
    """A method is omitted if a field has its name, because Go does not allow both."""
    text = go(catalog_of(GetBranchOfTheTreeThatGrowsInTheGarden))
    assert "func (GetBranchOfTheTreeThatGrowsInTheGarden) HttpMethod() string {" in text
    assert "CreateResponse()" not in text


def test_a_method_too_long_for_a_line_has_three() -> None:
    """A long method is split over three lines, as gofmt formats it."""

    class GetTheBranchWithTheLongestNameOfAllBranches(Request[Branch]):
        """Get a branch."""

    text = go(catalog_of(GetTheBranchWithTheLongestNameOfAllBranches))
    head = "func (GetTheBranchWithTheLongestNameOfAllBranches) CreateResponse() (r Branch) {"
    assert f"\n{head} return }}\n" in text

    class GetTheBranchWithTheVeryLongestNameOfAllBranchesInTheWorld(Request[Branch]):
        """Get a branch."""

    text = go(catalog_of(GetTheBranchWithTheVeryLongestNameOfAllBranchesInTheWorld))
    head = "func (GetTheBranchWithTheVeryLongestNameOfAllBranchesInTheWorld) CreateResponse() (r Branch) {"
    assert f"\n{head}\nreturn\n}}\n" in text


def test_package_and_imports(catalog: Catalog) -> None:
    """The package has the last part of the namespace as its name; imports are sorted, and none is unused."""
    text = go(catalog, GlobalNamespace="Acme.types", DefaultImports="fmt,b:example.com/a", WithoutOptions="")
    imports = '"example.com/a"\n"fmt"\nss "github.com/ServiceStack/servicestack-go"\n"time"'
    assert text.startswith(f"package types\n\nimport (\nb {imports}\n)\n")
    assert go(catalog, IncludeTypes="Tone", WithoutOptions="").startswith("package dtos\n\ntype Tone string\n")


def test_the_library_s_types_are_its_own_unless_declared(catalog: Catalog) -> None:
    """Types that are merely excluded do not belong to the library."""
    assert "ResponseStatus *ss.ResponseStatus" in go(catalog)
    assert "CreateResponse() (r HelloResponse)" in go(catalog, IncludeTypes="Hello")
    assert "ss." not in go(catalog, IncludeTypes="Hello")


def test_a_snippet_has_no_methods(catalog: Catalog) -> None:
    """A snippet has no methods and no routes."""
    operation = catalog.find("Hello")
    assert operation is not None
    text = snippet(catalog, operation, LANGUAGES["go"])
    assert "func" not in text
    assert "@Route" not in text


@pytest.mark.parametrize(
    "query",
    [
        [("GlobalNamespace", "Acme.Types"), ("AddImplicitVersion", "3")],
        [("IncludeTypes", "Acme.ServiceModel/*"), ("ExcludeTypes", "*/x,Forget")],
        [("compat", "latest"), ("DefaultImports", "fmt,a:b")],
    ],
)
def test_the_header_gives_the_same_source_again(catalog: Catalog, query: list[tuple[str, str]]) -> None:
    """Tools read the lines that are not commented out."""
    first = source(catalog, LANGUAGES["go"], Options.from_query(query), NOW)
    lines = first.partition("*/\n")[0].split("\n\n")[1].splitlines()
    kept = [line.split(":", 1) for line in lines if not line.startswith("//")]
    assert first == source(catalog, LANGUAGES["go"], Options.from_query((name, value) for name, value in kept), NOW)
