"""Names, types and options in the Python source."""

from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form
from tests.support.shop import shop

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, snippet, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def python(catalog: Catalog, **query: str) -> str:
    """Return the Python file of a service."""
    return source(catalog, LANGUAGES["python"], Options.from_query(query.items()), NOW)


@pytest.mark.parametrize(
    "line",
    [
        "Flag: bool = False",
        "MaybeNumber: Optional[int] = None",
        "Ratio: float = 0.0",
        "Price: Decimal = decimal.Decimal(0)",
        "Id: Optional[str] = None",
        "At: datetime.datetime = datetime.datetime(1, 1, 1)",
        "Lasts: datetime.timedelta = datetime.timedelta()",
        "Data: Optional[bytes] = None",
        "Texts: List[str] = field(default_factory=list)",
        "Labels: Dict[str, str] = field(default_factory=dict)",
        "Table: Optional[List[List[int]]] = None",
        "Groups: Optional[Dict[str, List[Leaf]]] = None",
    ],
)
def test_types_and_what_members_hold_at_first(line: str) -> None:
    """Numbers, dates and required collections are never None."""
    assert f"\n    {line}\n" in python(every_form())


@pytest.mark.parametrize(
    "line",
    [
        "class_: Optional[str] = field(metadata=config(field_name='class'), default=None)",
        "first_name: Optional[str] = field(metadata=config(field_name='first-name'), default=None)",
    ],
)
def test_names_that_no_field_can_have(line: str) -> None:
    """They are replaced, and the wire name is stated."""
    assert f"\n    {line}\n" in python(every_form())


def test_fields_are_named_as_the_client_library_finds_them() -> None:
    """Fields are snake_case for camelCase wire names, which the library derives, and otherwise have the wire name."""
    text = python(shop())
    assert (
        "(letter_case=LetterCase.CAMEL, undefined=Undefined.EXCLUDE)\n@dataclass\nclass HelloResponse:\n    user_name:"
        in text
    )
    assert "(undefined=Undefined.EXCLUDE)\n@dataclass\nclass Line:\n    ItemId:" in text


def test_pages_show_snake_case() -> None:
    """Snippets follow the pages of ServiceStack hosts, since they are not executed."""
    operation = shop().find("ChangeOrder")
    assert operation is not None
    text = snippet(shop(), operation, LANGUAGES["python"])
    assert "\nclass Line:\n    item_id: Optional[str] = None\n" in text
    assert "order_id: Optional[str] = None" in text


@pytest.mark.parametrize("line", ["Tone: 'Optional[Tone]' = None", "Leaves: 'Optional[List[Leaf]]' = None"])
def test_annotations_that_mean_something_else_in_the_class_are_texts(line: str) -> None:
    """Annotations are quoted if a type has the name of a field or is the class itself."""
    assert f"\n    {line}\n" in python(every_form())


def test_the_client_library_has_its_own_types() -> None:
    """They are always imported."""
    assert "class ResponseStatus" not in python(every_form(), AddServiceStackTypes="True")


def test_options_reach_the_decorators_and_imports() -> None:
    """DataClass and DataClassJson are arguments; an import is a module, or names from one."""
    query = {
        "DataClass": "frozen=True",
        "DataClassJson": "undefined=Undefined.RAISE",
        "DefaultImports": "datetime,acme.base:*",
    }
    text = python(every_form(), **query)
    assert "\n@dataclass_json(undefined=Undefined.RAISE)\n@dataclass(frozen=True)\nclass Leaf:\n" in text
    assert '"""\n\nimport datetime\nfrom acme.base import *\n\n\n' in text


def test_the_version_is_the_default_of_a_request() -> None:
    """Other types do not have one."""
    assert python(every_form(), AddImplicitVersion="7").count("\n    Version: int = 7\n") == 3


def test_everything_may_be_optional() -> None:
    """The option removes all initial values."""
    assert "    Flag: Optional[bool] = None\n" in python(every_form(), MakePropertiesOptional="True")


def test_the_names_of_enumerations_are_constants() -> None:
    """Their values are the wire texts."""
    text = python(every_form())
    assert "class Tone(str, Enum):\n    PLAIN = 'Plain'\n    DEFAULT = 'default'\n    VERY_WARM = 'Very Warm'\n" in text
