"""Merges path, query, form and body into one request message."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from servicehost.binding.pairs import Pairs
from servicehost.binding.texts import TextMembers, read_all
from servicehost.contract.errors import ConflictingValues, FieldError, InvalidFields
from servicehost.contract.messages import Message
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar
from servicehost.formats.codec import Values
from servicehost.formats.text import UnreadableText

_ABSENT: Final[tuple[object, ...]] = (None, "", EMPTY_GUID, [])
"""Values that clients send for a member that was never set."""

_MAX_SHOWN: Final = 64
"""Maximum length of a value quoted in an error."""

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class UnreadableRouteValue(ValueError):
    """A route sets a member that the request does not have, or sets it to an invalid value."""


@dataclass(frozen=True)
class BodyPart:
    """The members given in the body of a request.

    Attributes:
        values: the members that could be read, by attribute.
        problems: errors in the other members.
        whole: whether `values` holds all readable members; if False, missing members cannot be determined.
    """

    values: Values = field(default_factory=dict)
    problems: Sequence[FieldError] = ()
    whole: bool = True


NO_BODY = BodyPart()


class Binding:
    """Builds the request message of one operation for one kind of path. Compiled once.

    Attributes:
        given: the members that the path or the route gives, by attribute.
    """

    def __init__(
        self,
        model: MessageModel,
        members: TextMembers,
        *,
        placeholders: Sequence[str] = (),
        sets: Mapping[str, str] | None = None,
        body_wins: bool = False,
    ) -> None:
        """Compile the binding.

        Args:
            model: the request.
            members: readers of its members from texts.
            placeholders: the placeholders of the path, in the order in which `bind` receives their texts.
            sets: values that the route fixes, by member name.
            body_wins: whether the body overrides the query; otherwise query and form override the body.

        Raises:
            UnreadableRouteValue: `sets` does not fit the request.
        """
        self._model = model
        self._members = members
        self._path = tuple(members.find(name) for name in placeholders)
        self._fixed = _route_values(members, sets or {})
        self.given = frozenset({member.attribute for member in self._path if member} | set(self._fixed))
        self._body_wins = body_wins
        self._enforced = {member.attribute: member for member in model.members if _is_checked(member)}
        self._optional_guids = [member.attribute for member in model.members if member.type == Nullable(Scalar.GUID)]
        self._empty = tuple((member.attribute, _maker(member)) for member in model.members if member.default is None)

    def bind(self, path: Sequence[str | None], query: Pairs, form: Pairs, body: BodyPart) -> Message:
        """Build the request message.

        Raises:
            InvalidFields: values are invalid or required ones are missing; reports all of them.
            ConflictingValues: a value contradicts the path or the route.
        """
        problems: list[FieldError] = []
        fixed = read_all(self._path, path, problems) if path else {}
        if self._fixed:
            fixed.update(self._fixed)
        sources: tuple[Values, ...] = (body.values,)
        values = body.values
        if query or form:
            from_query, from_form = self._members.read(query, problems), self._members.read(form, problems)
            sources = (from_query, from_form, body.values)
            values = _merged({**from_query, **from_form}, body.values, body_wins=self._body_wins)
        if body.problems:
            problems.extend(body.problems)
        complete = {**values, **fixed}
        if problems or (self._enforced and self._lacks(complete)):
            self._refuse(problems, complete, body)
        if fixed:
            self._check_agreement(fixed, sources)
        for attribute in self._optional_guids:
            if complete.get(attribute) == EMPTY_GUID:
                del complete[attribute]
        return self._build(complete)

    def agrees(self, path: Sequence[str | None], message: Message) -> bool:
        """Whether a request with these texts in its path could be the message."""
        given = read_all(self._path, path, []) | self._fixed
        return all(getattr(message, attribute) == given.get(attribute) for attribute in self.given)

    def _lacks(self, values: Values) -> bool:
        return any(values.get(attribute) in _ABSENT for attribute in self._enforced)

    def _refuse(self, problems: list[FieldError], values: Values, body: BodyPart) -> NoReturn:
        if body.whole:
            unreadable = {_top(problem.field) for problem in problems}
            problems.extend(
                FieldError(member.name, f"'{_words(member.name)}' must not be empty.", "NotEmpty")
                for attribute, member in self._enforced.items()
                if values.get(attribute) in _ABSENT and member.name.lower() not in unreadable
            )
        raise InvalidFields(self._model.name, list(dict.fromkeys(problems)))

    def _check_agreement(self, fixed: Values, sources: Sequence[Values]) -> None:
        for attribute, value in fixed.items():
            for source in sources:
                other = source.get(attribute, value)
                if other != value and other not in _ABSENT:
                    name = next(member.name for member in self._model.members if member.attribute == attribute)
                    raise ConflictingValues(name, str(value)[:_MAX_SHOWN], str(other)[:_MAX_SHOWN])

    def _build(self, values: dict[str, Any]) -> Message:
        for attribute, make in self._empty:
            if attribute not in values:
                values[attribute] = make()
        return self._model.python(**values)


def _is_checked(member: MemberModel) -> bool:
    """Whether binding refuses an absent value."""
    return member.enforced and not member.declared.deferred


def _merged(overlay: Values, body: Values, *, body_wins: bool) -> Values:
    if not body_wins:
        return {**body, **overlay}
    filled = {attribute: value for attribute, value in overlay.items() if body.get(attribute) in _ABSENT}
    return {**body, **filled}


def _route_values(members: TextMembers, sets: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for name, text in sets.items():
        member = members.find(name)
        if member is None:
            raise UnreadableRouteValue(f"A route sets '{name}', which is not a member of its request")
        try:
            values[member.attribute] = member.read(text)
        except UnreadableText as error:
            raise UnreadableRouteValue(f"A route sets '{name}' to '{text}', which is not a valid value") from error
    return values


def _maker(member: MemberModel) -> Callable[[], Any]:
    if isinstance(member.type, (ListOf, MapOf, Ref)):
        return member.absent
    empty = member.absent()
    return lambda: empty


def _top(field_name: str) -> str:
    return field_name.partition(".")[0].partition("[")[0].lower()


def _words(name: str) -> str:
    return _WORD_START.sub(" ", name)


__all__ = ["NO_BODY", "Binding", "BodyPart", "UnreadableRouteValue"]
