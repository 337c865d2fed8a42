"""Names and options in the PHP source."""

from datetime import UTC, datetime

from tests.support.every_form import every_form

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Message, Request
from servicehost.languages import LANGUAGES, Options, snippet, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def php(catalog: Catalog, **query: str) -> str:
    """Return the PHP file of a service."""
    return source(catalog, LANGUAGES["php"], Options.from_query(query.items()), NOW)


def test_the_namespace_comes_first(catalog: Catalog) -> None:
    """It precedes the header, since PHP allows nothing before it."""
    assert php(catalog).startswith("<?php namespace dtos;\n/* Options:\n")
    assert php(catalog, GlobalNamespace="Acme.Types", WithoutOptions="").startswith(
        "<?php namespace Acme\\Types;\n\nuse DateTime;\n"
    )


def test_what_is_used_further(catalog: Catalog) -> None:
    """Each import has its own line."""
    assert "\nuse Acme\\Tools;\nuse Other;\n" in php(catalog, DefaultImports="Acme.Tools,Other")


def test_a_type_is_not_used_and_declared() -> None:
    """PHP rejects a class with an imported name."""

    class IdResponse(Message):
        """An id."""

        id: str | None = None

    class MakeId(Request[IdResponse]):
        """Make an id."""

    async def answer(_message: object, _call: Call) -> None:
        return None

    text = php(Catalog(Service("Acme", "https://api.example.com", "urn:acme", "Acme"), {MakeId: answer}))
    assert "use ServiceStack\\{ResponseStatus,ResponseError,EmptyResponse,ArrayList," in text
    assert "\nclass IdResponse implements JsonSerializable\n" in text


def test_what_a_required_property_starts_with() -> None:
    """It has the empty value of its type, or null if there is none."""
    text = php(every_form())
    assert "        public string $Id='',\n" in text
    assert "        public float $Price=0.0,\n" in text
    assert "        public DateTime $At=new DateTime(),\n" in text
    assert "        public ?bool $Flag=null,\n" in text
    assert "        public ?Tone $Tone=null,\n" in text
    assert "        public array $Texts=[],\n" in text


def test_optional_properties_are_of_the_release(catalog: Catalog) -> None:
    """The newest release prints the option without any effect."""
    assert "public ?string $Name=null," in php(catalog, MakePropertiesOptional="True")
    assert "public string $Name=''," in php(catalog, MakePropertiesOptional="True", compat="latest")


def test_a_class_hands_on_what_its_base_has(catalog: Catalog) -> None:
    """The base class declares those parameters; an empty base class is not encoded as an array."""
    text = php(catalog)
    assert "        int $PageNumber=0,\n        ?int $PageSize=null,\n        /** @description With" in text
    assert "        parent::__construct($PageNumber, $PageSize);\n" in text
    assert "        $o = (array) parent::jsonSerialize();\n" in text


def test_converters_are_told_what_is_in_a_collection() -> None:
    """Lists are converted by the name of the item, dictionaries by a context."""
    text = php(every_form())
    assert "JsonConverters::fromArray('Guid', $o['Ids'])" in text
    assert "JsonConverters::fromArray('List<int>', $o['Table'])" in text
    assert (
        "JsonConverters::to(JsonConverters::context('Dictionary',genericArgs:['string','List<Leaf>']), $this->Groups)"
        in text
    )


def test_names_that_php_does_not_take() -> None:
    """The JSON key is stated with every property."""
    text = php(every_form())
    assert "if (isset($o['this'])) $this->This = $o['this'];" in text
    assert "if (isset($o['first-name'])) $this->first_name = $o['first-name'];" in text


def test_the_version_may_be_left_out(catalog: Catalog) -> None:
    """It is preset, but not required."""
    assert "public ?int $Version=3\n" in php(catalog, AddImplicitVersion="3")


def test_a_snippet_names_no_operation(catalog: Catalog) -> None:
    """It has neither markers nor the methods of requests."""
    operation = catalog.find("Hello")
    assert operation is not None
    text = snippet(catalog, operation, LANGUAGES["php"])
    assert "class Hello implements JsonSerializable\n" in text
    assert "#[" not in text
