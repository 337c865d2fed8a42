"""Choice of the format of answers, and of the format that a body is read in.

The order: suffix of the path, `?callback=`, `?format=`, the Accept header in the client's order of preference. Without
a preference an answer has the format of the request, else the first format of the host. There is never a refusal: a
client that asks only for unknown types gets what it would get without asking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from servicehost.formats import flat_csv, jsonp
from servicehost.formats.codec import Format
from servicehost.formats.flat_csv import FlatCsv
from servicehost.formats.jsconfig import JsonConfig

_JSON = "json"
_CSV = "csv"

_ANSWERED_AS_ASKED = frozenset({"jsv"})
"""Formats with several media types whose clients read only the one that they asked for."""

_REMEMBERED = 256
"""How many different Accept headers are kept; real clients send a handful."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A format for an answer.

    Attributes:
        format: the format.
        content_type: what the answer's Content-Type says.
        callback: the function that JSONP hands the answer to; empty without JSONP.
        config: how the client wants its JSON; None for the usual way.
        flat: the flat form of CSV; None for the usual one.
    """

    format: Format
    content_type: str
    callback: str = ""
    config: JsonConfig | None = None
    flat: FlatCsv | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether an answer is just what the encoder of the format writes."""
        dressed = self.format.download or self.format.for_people
        return not dressed and not self.callback and self.config is None

    def as_wished(self, callback: str, config: JsonConfig | None, flat: FlatCsv | None) -> "Choice":
        """The same with what the query wants of JSON or of CSV; other formats do not care."""
        if self.format.name == _CSV and flat:
            return Choice(self.format, flat_csv.CONTENT_TYPE, flat=flat)
        if self.format.name != _JSON or not (callback or config):
            return self
        return Choice(self.format, jsonp.CONTENT_TYPE if callback else self.content_type, callback, config)


class Negotiator:
    """Chooses among the formats of a host.

    Attributes:
        choices: the formats in the media type that they have by themselves.
        default: the first, for clients that do not care.
        names: what a suffix and `?format=` may say, in lower case.
    """

    def __init__(self, formats: Iterable[Format]) -> None:
        self.choices = tuple(Choice(format_, format_.content_type) for format_ in formats)
        self.default = self.choices[0]
        self._by_name: dict[str, Choice] = {}
        self._by_media: dict[str, Choice] = {}
        self._by_kind: dict[str, Choice] = {}
        for choice in self.choices:
            self._add(choice)
        self._readable = {media: choice for media, choice in self._by_media.items() if not choice.format.for_people}
        self.names = frozenset(self._by_name)
        self._preferences: dict[str, Choice | None] = {}

    def named(self, name: str, accept: str | None = None) -> Choice | None:
        """The format that `name` names, in any casing, in the media type that `accept` prefers."""
        choice = self._by_name.get(name.lower())
        if choice is not None and accept and choice.format.name in _ANSWERED_AS_ASKED:
            return next((asked for asked in self._known(accept) if asked.format is choice.format), choice)
        return choice

    def choose(
        self,
        *,
        suffix: str = "",
        callback: bool = False,
        name: str = "",
        accept: str | None = None,
        content_type: str | None = None,
    ) -> Choice:
        """The format of an answer on a path that does not decide it.

        Args:
            suffix: the format suffix of the path.
            callback: whether `?callback=` is given, so that the answer is a script of JSON.
            name: the value of `?format=`; what follows its first dot does not count.
            accept: the Accept header.
            content_type: the request's own Content-Type.
        """
        if suffix and (found := self.named(suffix, accept)) is not None:
            return found
        if callback and (found := self.named(_JSON)) is not None:
            return found
        if name and (found := self.named(name.partition(".")[0], accept)) is not None:
            return found
        preferred = self._preference(accept) if accept else None
        return preferred or (self.read_as(content_type) if content_type else None) or self.default

    def read_as(self, content_type: str) -> Choice | None:
        """The format that a body of this Content-Type is in; None when the host does not read it."""
        return self._readable.get(content_type) or self._readable.get(media_type(content_type))

    def _add(self, choice: Choice) -> None:
        format_ = choice.format
        for name in (format_.name, format_.page_name):
            self._by_name.setdefault(name.lower(), choice)
        for position, media in enumerate(format_.media_types):
            asked = Choice(format_, media) if position and format_.name in _ANSWERED_AS_ASKED else choice
            self._by_media.setdefault(media, asked)
        if not format_.for_people:
            self._by_kind.setdefault(format_.media_types[0].partition("/")[0] + "/*", choice)

    def _preference(self, accept: str) -> Choice | None:
        if accept in self._preferences:
            return self._preferences[accept]
        preferred = self._first_known(accept)
        if len(self._preferences) < _REMEMBERED:
            self._preferences[accept] = preferred
        return preferred

    def _first_known(self, accept: str) -> Choice | None:
        for media in _by_preference(accept):
            if media == "*/*":
                return None
            found = self._by_media.get(media) or self._by_kind.get(media)
            if found is not None:
                return found
        return None

    def _known(self, accept: str) -> Iterator[Choice]:
        for media in _by_preference(accept):
            if media in self._by_media:
                yield self._by_media[media]


def media_type(header: str) -> str:
    """The media type of a Content-Type, without parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def preferences(header: str) -> list[tuple[str, float]]:
    """What an Accept header or one of its kin lists, in lower case, with the quality of each."""
    listed = [(media_type(part), _quality(part)) for part in header.split(",")]
    return [(name, quality) for name, quality in listed if name]


def _by_preference(accept: str) -> list[str]:
    """The media types of an Accept header, the preferred first; those with `q=0` are left out."""
    wanted = [(media, quality) for media, quality in preferences(accept) if quality > 0]
    return [media for media, _ in sorted(wanted, key=lambda ranked: -ranked[1])]


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0


__all__ = ["Choice", "Negotiator", "media_type", "preferences"]
