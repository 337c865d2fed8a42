"""Generation of a source: selects and orders the types, and prepares them for a language."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from servicehost.contract.catalog import Catalog, Operation
from servicehost.contract.messages import Interface, Request
from servicehost.contract.references import Declared
from servicehost.contract.status import ResponseStatus
from servicehost.contract.types import EnumOf, MemberModel, MessageModel, Ref, Scalar
from servicehost.languages.declarations import (
    Attribute,
    Enumeration,
    EnumValue,
    OperationDeclaration,
    Property,
    Shape,
    Source,
)
from servicehost.languages.header import header_lines
from servicehost.languages.language import Language
from servicehost.languages.options import DEFAULT_OPTIONS, Options
from servicehost.languages.ordering import Responses, arranged
from servicehost.languages.selection import Universe, types_of
from servicehost.languages.text import camel, is_identifier, one_line, pascal

NEVER_IN_SNIPPETS = frozenset({"ResponseStatus", "ResponseError"})
"""Types that every response contains; documentation pages do not repeat them."""


def source(catalog: Catalog, language: Language, options: Options, now: datetime) -> str:
    """Return the types of a service as one file, for use with the client library of the language."""
    options = options.within(language.forced)
    universe = Universe(catalog)
    left_out = {declared for declared in universe.types if _is_left_out(declared, language, options)}
    wanted = set(universe.selected(options)) - left_out
    others, responses, requests = (
        [declared for declared in part if declared in wanted]
        for part in (universe.others, universe.responses, universe.requests)
    )
    types = arranged(language.order, others, responses, requests, _answers(catalog))
    header = tuple(header_lines(catalog.service, language, options, now)) if options.header else ()
    met = [declared for declared in universe.types if declared in wanted]
    return _text(language.write(_Preparation(catalog, language, options, whole=True).source(header, types, met)))


def snippet(catalog: Catalog, operation: Operation, language: Language, options: Options = DEFAULT_OPTIONS) -> str:
    """Return the types of one operation for its documentation page: without header, routes and return markers.

    Options that a language forces in files do not apply here, as on the pages of ServiceStack hosts.
    """
    met = [declared for declared in types_of(operation) if not _is_hidden(declared)]
    types = arranged(language.order, types_of(operation), [], [], _answers([operation]))
    shown = [declared for declared in types if declared in met]
    return _text(language.write(_Preparation(catalog, language, options, whole=False).source((), shown, met)))


def _is_hidden(declared: Declared) -> bool:
    """Whether snippets refer to the type without declaring it."""
    return declared.name in NEVER_IN_SNIPPETS or (isinstance(declared, MessageModel) and declared.framework)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _answers(operations: Iterable[Operation]) -> Responses:
    return {
        operation.request: operation.response
        for operation in operations
        if operation.response and operation.contract.response_declared
    }


def _is_left_out(declared: Declared, language: Language, options: Options) -> bool:
    """Whether the client library contains the type, which only types of the host can be."""
    if not (isinstance(declared, MessageModel) and declared.python.data_contract):
        return False
    return declared.name in language.library or not options.flag("AddServiceStackTypes")


class _Preparation:
    """Converts types of the contract to declarations, with texts made safe for the language."""

    def __init__(self, catalog: Catalog, language: Language, options: Options, *, whole: bool) -> None:
        self._service = catalog.service
        self._options = options
        self._whole = whole
        self._language = language
        self._operations = {operation.request: operation for operation in catalog}
        self._responses = {operation.response for operation in catalog}
        self._status = Ref(catalog.types.message(ResponseStatus))

    def source(self, header: tuple[str, ...], types: Iterable[Declared], met: Iterable[Declared]) -> Source:
        """Return a source that declares `types` in this order; `met` are the same types in the order of the contract."""
        return Source(
            service=self._service,
            options=self._options,
            whole=self._whole,
            header=header,
            types=tuple(self._enumeration(each) if isinstance(each, EnumOf) else self._shape(each) for each in types),
            namespaces=tuple(dict.fromkeys(map(self._namespace, met))),
        )

    def _namespace(self, declared: Declared) -> str:
        return self._options.text("GlobalNamespace") or declared.clr_namespace or self._service.clr_namespace

    def _enumeration(self, declared: EnumOf) -> Enumeration:
        values = (_enum_value(member.name, declared.wire_name(member)) for member in declared.python)
        return Enumeration(declared.name, self._namespace(declared), tuple(values))

    def _shape(self, model: MessageModel) -> Shape:
        operation = self._operations.get(model)
        is_request = issubclass(model.python, Request)
        return Shape(
            name=model.name,
            namespace=self._namespace(model),
            description=self._comment(_description(model)) if is_request else None,
            attributes=tuple(self._type_attributes(model)),
            base=model.base.name if model.base else None,
            own=(*self._own(model), *self._implied(model)),
            inherited=tuple(self._inherited(model)),
            operation=_operation_declaration(operation) if operation and self._whole else None,
            listed=() if self._whole else tuple(interface.name for interface in _interfaces(model)),
        )

    def _own(self, model: MessageModel) -> Iterator[Property]:
        for index, member in enumerate(model.own_published, start=1):
            yield Property(
                name=member.name,
                wire=camel(member.name) if model.python.camel_case else member.name,
                type=member.type,
                description=self._comment(_shown(member)),
                attributes=tuple(self._member_attributes(model, member, index)),
                stated=member.declared.required,
                interface=None if self._whole else _declaring(model, member),
            )

    def _inherited(self, model: MessageModel) -> Iterator[Property]:
        if model.base:
            yield from self._own(model.base)
            yield from self._inherited(model.base)

    def _implied(self, model: MessageModel) -> Iterator[Property]:
        """Yield the properties that options add to requests and responses that lack them."""
        version = self._options.number("AddImplicitVersion")
        if version is not None and model in self._operations and not model.member("Version"):
            yield Property("Version", "Version", Scalar.INT, preset=version)
        wants_status = self._options.flag("AddResponseStatus") and model in self._responses
        if wants_status and model.python is not ResponseStatus and not model.member("ResponseStatus"):
            yield Property("ResponseStatus", "ResponseStatus", self._status)

    def _type_attributes(self, model: MessageModel) -> Iterator[Attribute]:
        if issubclass(model.python, Request) and (description := _description(model)):
            yield from self._description_attribute(description)
            yield Attribute("Api", named=(("Description", description),))
        if vars(model.python).get("api_response"):
            yield Attribute("ApiResponse", named=(("Description", one_line(model.description)),))
        if self._is_data_contract(model):
            yield Attribute("DataContract")

    def _member_attributes(self, model: MessageModel, member: MemberModel, index: int) -> Iterator[Attribute]:
        yield from self._description_attribute(_shown(member))
        if self._is_data_contract(model):
            numbered = model.python.data_contract or self._options.flag("AddIndexesToDataMembers")
            yield Attribute("DataMember", named=(("Order", index),) if numbered else ())
        if arguments := tuple(_api_member(member)):
            yield Attribute("ApiMember", named=arguments)

    def _description_attribute(self, description: str | None) -> Iterator[Attribute]:
        if description and not self._options.flag("AddDescriptionAsComments"):
            yield Attribute("Description", values=(description,))

    def _is_data_contract(self, model: MessageModel) -> bool:
        return model.python.data_contract or self._options.flag("AddDataContractAttributes")

    def _comment(self, description: str | None) -> str | None:
        """Return a description as one line for a comment."""
        if description is None or not self._options.flag("AddDescriptionAsComments"):
            return None
        return self._language.safe(description)


def _description(model: MessageModel) -> str | None:
    """Return the published description of an operation, with its trailing blank if it has one; None if there is none."""
    text = one_line(model.published_description)
    return f"{text} " if text and model.published_description.endswith(" ") else text or None


def _shown(member: MemberModel) -> str | None:
    return None if member.declared.shown is None else one_line(member.declared.shown)


def _interfaces(model: MessageModel) -> tuple[Interface, ...]:
    return model.python.implements if issubclass(model.python, Request) else ()


def _declaring(model: MessageModel, member: MemberModel) -> str | None:
    """Return the name of the interface that also declares this member of a request."""
    return next((interface.name for interface in _interfaces(model) if member.name in interface.members), None)


def _api_member(member: MemberModel) -> Iterator[tuple[str, str | bool]]:
    """Return the properties that an `ApiMember` attribute states, by name; empty if there are none."""
    declared, description = member.declared, _shown(member)
    if not declared.stated:
        return
    if declared.data_type or (declared.states_type and description is not None):
        yield "DataType", one_line(member.data_type)
    if description is not None:
        yield "Description", description
    if declared.required:
        yield "IsRequired", True
    if declared.states_name and description is not None:
        yield "Name", declared.api_name or member.name
    if declared.place:
        yield "ParameterType", declared.place


def _operation_declaration(operation: Operation) -> OperationDeclaration:
    routes = operation.contract.routes
    verbs = {route.verbs[0] for route in routes if len(route.verbs) == 1}
    verb = verbs.pop() if len(verbs) == 1 else None
    return OperationDeclaration(
        verb=verb or "POST",
        marker=f"I{verb.capitalize()}" if verb else None,
        routes=routes,
        response=operation.response.name if operation.response and operation.contract.response_declared else None,
        response_declared=operation.contract.response_declared,
    )


def _enum_value(python_name: str, wire: str) -> EnumValue:
    return EnumValue(wire if is_identifier(wire) else pascal(python_name), wire)


__all__ = ["NEVER_IN_SNIPPETS", "snippet", "source"]
