"""What places are given: parameters of path and query, and bodies."""

from collections.abc import Iterator

from servicehost.contract.types import EnumOf, ListOf, MemberModel, Scalar, TypeNode, without_null
from servicehost.openapi.content import AS_JSON, Content
from servicehost.openapi.examples import example
from servicehost.openapi.places import Place
from servicehost.openapi.schemas import SUFFIX, Part, Schemas, description_of, reference


class Inputs:
    """The parameters and the bodies of a document.

    Attributes:
        components: the bodies by the name that references use.
    """

    def __init__(self, schemas: Schemas, content: Content) -> None:
        self.components: dict[str, Part] = {}
        self._schemas = schemas
        self._content = content

    def parameters(self, place: Place) -> list[Part]:
        """The parameters of a place: what its path names, then the members that travel in the query."""
        return [*self._in_path(place), *self._in_query(place)]

    def body(self, place: Place) -> Part | None:
        """The body of a place, with the members that its path leaves open; None when it has none."""
        if not place.bodily:
            return None
        schema = self._schemas.body(place.operation.request, place.bodily)
        name = schema.removesuffix(SUFFIX) + (AS_JSON if place.named else "")
        if name not in self.components:
            written = self._as_json if place.named else self._in_every_format
            self.components[name] = written(place, reference("schemas", schema))
        return reference("requestBodies", name)

    def _as_json(self, place: Place, schema: Part) -> Part:
        """The body at an operation's name: what generated clients send."""
        return {
            "required": any(member.enforced for member in place.bodily),
            "content": self._content.json(schema, example(place.operation.request, place.bodily)),
        }

    def _in_every_format(self, place: Place, schema: Part) -> Part:
        """The body on a route. It is not required, since the query may carry the members too.

        Forms are left out, and named in the description of the document: generators take a form for a further way to
        send the same body, for which they leave out the model or send both at once.
        """
        model = place.operation.request
        return {"content": self._content.request(schema, example(model, place.bodily), model)}

    def _in_path(self, place: Place) -> Iterator[Part]:
        for name, member in place.placeholders:
            schema: Part = self._schemas.given(member) if member else {"type": "string"}
            yield {"name": name, "in": "path", "required": True, **_description(member), "schema": schema}

    def _in_query(self, place: Place) -> Iterator[Part]:
        for member in place.queried:
            required = {"required": True} if member.enforced else {}
            yield {"name": member.name, "in": "query", **required, **_description(member), **self._value(member)}

    def _value(self, member: MemberModel) -> Part:
        """How a member is written in a query: a list by repeating the name, an object as JSON."""
        schema = self._schemas.given(member)
        return {"schema": schema} if _is_flat(member.core) else {"content": {"application/json": {"schema": schema}}}


def _description(member: MemberModel | None) -> Part:
    text = description_of(member) if member else "Any text; it is ignored."
    return {"description": text} if text else {}


def _is_flat(node: TypeNode) -> bool:
    inner = without_null(node)
    return isinstance(inner, Scalar | EnumOf) or (isinstance(inner, ListOf) and _is_flat(inner.item))


__all__ = ["Inputs"]
