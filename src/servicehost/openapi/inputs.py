"""Inputs of endpoints: path and query parameters, and bodies."""

from collections.abc import Iterator

from servicehost.contract.types import EnumOf, ListOf, MemberModel, Scalar, TypeNode, without_null
from servicehost.openapi.content import AS_JSON, Content
from servicehost.openapi.endpoints import DocumentedEndpoint
from servicehost.openapi.examples import example
from servicehost.openapi.schemas import SUFFIX, Part, Schemas, description_of, reference


class Inputs:
    """The parameters and the bodies of a document.

    Attributes:
        components: bodies by component name.
    """

    def __init__(self, schemas: Schemas, content: Content) -> None:
        self.components: dict[str, Part] = {}
        self._schemas = schemas
        self._content = content

    def parameters(self, endpoint: DocumentedEndpoint) -> list[Part]:
        """Return the parameters of an endpoint: those in its path, then those in the query."""
        return [*self._in_path(endpoint), *self._in_query(endpoint)]

    def body(self, endpoint: DocumentedEndpoint) -> Part | None:
        """Return the body of an endpoint, without members that its path sets; None if it has no body."""
        if not endpoint.bodily:
            return None
        schema = self._schemas.body(endpoint.operation.request, endpoint.bodily)
        name = schema.removesuffix(SUFFIX) + (AS_JSON if endpoint.named else "")
        if name not in self.components:
            written = self._as_json if endpoint.named else self._in_every_format
            self.components[name] = written(endpoint, reference("schemas", schema))
        return reference("requestBodies", name)

    def _as_json(self, endpoint: DocumentedEndpoint, schema: Part) -> Part:
        """Return the body at the path with the operation's name, as generated clients send it."""
        return {
            "required": any(member.enforced for member in endpoint.bodily),
            "content": self._content.json(schema, example(endpoint.operation.request, endpoint.bodily)),
        }

    def _in_every_format(self, endpoint: DocumentedEndpoint, schema: Part) -> Part:
        """Return the body at a route. It is not required, since the members may also be in the query.

        Forms are mentioned in the description of the document only: if they were listed here, client generators would treat them
        as a second way to send the same body, and either omit the model or send both at once.
        """
        model = endpoint.operation.request
        return {"content": self._content.request(schema, example(model, endpoint.bodily), model)}

    def _in_path(self, endpoint: DocumentedEndpoint) -> Iterator[Part]:
        for name, member in endpoint.placeholders:
            schema: Part = self._schemas.given(member) if member else {"type": "string"}
            yield {"name": name, "in": "path", "required": True, **_description(member), "schema": schema}

    def _in_query(self, endpoint: DocumentedEndpoint) -> Iterator[Part]:
        for member in endpoint.queried:
            required = {"required": True} if member.enforced else {}
            yield {"name": member.name, "in": "query", **required, **_description(member), **self._value(member)}

    def _value(self, member: MemberModel) -> Part:
        """Return the schema of a query parameter: a repeated name for a list, JSON for an object."""
        schema = self._schemas.given(member)
        return {"schema": schema} if _is_flat(member.core) else {"content": {"application/json": {"schema": schema}}}


def _description(member: MemberModel | None) -> Part:
    text = description_of(member) if member else "Ignored."
    return {"description": text} if text else {}


def _is_flat(node: TypeNode) -> bool:
    inner = without_null(node)
    return isinstance(inner, Scalar | EnumOf) or (isinstance(inner, ListOf) and _is_flat(inner.item))


__all__ = ["Inputs"]
