"""Names, types and options in the sources for .NET."""

import re
from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form
from tests.support.shop import catalog_of, shop

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Message, Request
from servicehost.languages import LANGUAGES, Options, source
from servicehost.languages.vbnet import quote

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Egg(Message):
    """References a hen."""

    hen: "Hen | None" = None


class Hen(Message):
    """Contains eggs."""

    eggs: list[Egg]


class GetHen(Request[Hen]):
    """Get a hen."""


def written(key: str, catalog: Catalog, **query: str) -> str:
    """Return the file of a service in a .NET language."""
    return source(catalog, LANGUAGES[key], Options.from_query(query.items()), NOW)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("csharp", "public virtual int? MaybeNumber { get; set; }"),
        ("csharp", "public virtual byte[] Data { get; set; }"),
        ("csharp", "public virtual List<List<int>> Table { get; set; }"),
        ("csharp", "public virtual Dictionary<string, Tone> Tones { get; set; } = new();"),
        ("csharp", "public virtual string @class { get; set; }"),
        ("csharp", '[DataMember(Name="first-name")]'),
        ("csharp", '[EnumMember(Value="Very Warm")]'),
        ("vbnet", "Public Overridable Property MaybeNumber As Integer?"),
        ("vbnet", "Public Overridable Property Data As Byte()"),
        ("vbnet", "Public Overridable Property Table As List(Of List(Of Integer))"),
        ("vbnet", "Public Overridable Property Texts As List(Of String) = New List(Of String)"),
        ("vbnet", "Public Overridable Property [when] As String"),
        ("vbnet", '<DataMember(Name:="first-name")>'),
        ("fsharp", "member val MaybeNumber:Nullable<Int32> = new Nullable<Int32>() with get,set"),
        ("fsharp", "member val Data:Byte[] = null with get,set"),
        ("fsharp", "member val Table:ResizeArray<ResizeArray<Int32>> = null with get,set"),
        ("fsharp", "member val Tone:Tone = new Tone() with get,set"),
        ("fsharp", "member val ``class``:String = null with get,set"),
        ("fsharp", '[<DataMember(Name="first-name")>]'),
    ],
)
def test_members(key: str, line: str) -> None:
    """Invalid names are replaced, and the wire name is stated."""
    assert line in [each.strip() for each in written(key, every_form()).splitlines()]


@pytest.mark.parametrize(
    ("key", "query", "text"),
    [
        ("csharp", {"MakePartial": "False"}, "    public class Leaf\n"),
        ("csharp", {"MakeInternal": "True"}, "    internal partial class Leaf\n"),
        ("csharp", {"MakeVirtual": "False"}, "        public Guid Id { get; set; }\n"),
        ("csharp", {"AddReturnMarker": "False"}, "    public partial class GetForms\n        : Page, IGet\n"),
        ("csharp", {"GlobalNamespace": "Acme.Other"}, "using Acme.Other;\n\nnamespace Acme.Other\n{\n"),
        ("csharp", {"AddNamespaces": "Acme.A, Acme.B"}, "using Acme.A;\nusing Acme.B;\n"),
        ("csharp", {"AddImplicitVersion": "2"}, "        public GetForms()\n        {\n            Version = 2;\n        }\n"),
        ("csharp", {"AddGeneratedCodeAttributes": "True"}, '[GeneratedCode("AddServiceStackReference", "8.6")]\n'),
        ("csharp", {"AddDescriptionAsComments": "False"}, '        [Description("Texts.")]\n        [ApiMember('),
        ("csharp", {"InitializeCollections": "True"}, "        public virtual List<Guid> Ids { get; set; } = [];\n"),
        ("csharp", {"AddNullableAnnotations": "True"}, "        public virtual List<Guid>? Ids { get; set; }\n"),
        ("csharp", {"AddNullableAnnotations": "True"}, "        public virtual string? MaybeText { get; set; }\n"),
        ("vbnet", {"MakePartial": "False"}, "        Public Class Leaf\n"),
        ("vbnet", {"MakeVirtual": "False"}, "            Public Property Id As Guid\n"),
        ("vbnet", {"AddImplicitVersion": "2"}, "            Public Overridable Property Version As Integer = 2\n"),
        ("vbnet", {"IncludeTypes": "Leaf,Tone"}, "\n'IncludeTypes: Leaf, Tone\n"),
        ("fsharp", {"AddImplicitVersion": "2"}, "        member val Version:Int32 = 2 with get,set\n"),
        ("fsharp", {"InitializeCollections": "True"}, "Ids:ResizeArray<Guid> = new ResizeArray<Guid>() with get,set\n"),
    ],
)  # fmt: skip
def test_options(key: str, query: dict[str, str], text: str) -> None:
    """Each option has its effect."""
    changed = written(key, every_form(), **query)
    assert text in changed
    assert text not in written(key, every_form())


CONTRACT = {"AddDataContractAttributes": "True"}
NAMESPACE = {"AddDefaultXmlNamespace": "http://schemas.example.com/acme"}


@pytest.mark.parametrize(
    ("key", "declared"),
    [
        ("csharp", '\n[assembly: ContractNamespace("http://schemas.example.com/acme", ClrNamespace="Acme.Forms")]\n'),
        ("vbnet", '\n<Assembly: ContractNamespace("http://schemas.example.com/acme", ClrNamespace:="Acme.Forms")>\n'),
    ],
)
def test_data_contracts_have_the_xml_namespace_that_is_asked_for(key: str, declared: str) -> None:
    """Without the option, .NET derives the namespace of the host."""
    assert declared in written(key, every_form(), **CONTRACT, **NAMESPACE)
    assert "ContractNamespace" not in written(key, every_form(), **CONTRACT)
    assert "ContractNamespace" not in written(key, every_form(), **NAMESPACE)


@pytest.mark.parametrize("key", ["csharp", "vbnet", "fsharp"])
def test_base_types_keep_unknown_members_for_those_that_derive(key: str) -> None:
    """Unknown members are kept once per class hierarchy."""
    text = written(key, every_form(), MakeDataContractsExtensible="True", **CONTRACT)
    classes, requests_with_a_base = 11, 2
    declared = re.findall(r"(?:Object|Property|member val) ExtensionData\b", text)
    assert len(declared) == classes - requests_with_a_base


@pytest.mark.parametrize("key", ["csharp", "vbnet", "fsharp"])
def test_the_types_of_the_client_library_are_declared_on_demand(key: str) -> None:
    """By default, files only refer to them."""
    assert "ErrorCode" not in written(key, shop())
    assert "ErrorCode" in written(key, shop(), AddServiceStackTypes="True")


def test_fsharp_knows_later_types_only_where_it_must() -> None:
    """The namespace is recursive only if types refer to each other in a circle."""
    assert "\nnamespace rec Acme.Shop\n" in written("fsharp", catalog_of(GetHen))
    assert "\nnamespace Acme.Forms\n" in written("fsharp", every_form())


def test_fsharp_types_have_a_body() -> None:
    """Types without members have an empty body."""

    class Nothing(Message):
        """Nothing."""

    class GetNothing(Request[Nothing]):
        """Get nothing."""

    assert "    type Nothing() = \n        class end\n" in written("fsharp", catalog_of(GetNothing))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('say "this"', '"say ""this"""'),
        ("say “this”", '"say ““this””"'),
        ("\uff02", '"\uff02\uff02"'),
        (r"a\b", r'"a\b"'),
    ],
)
def test_visual_basic_doubles_quotation_marks(text: str, literal: str) -> None:
    """Every kind of quotation mark is doubled; a backslash has no special meaning."""
    assert literal == quote(text)
