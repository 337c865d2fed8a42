"""Chooses the format of responses and the format of request bodies.

Order: the path suffix, `?callback=`, `?format=`, the Accept header in the client's order of preference. Without a
preference, a response has the format of the request, otherwise the host's first format. A request is never refused
for its Accept header: if it accepts only unknown types, the default applies.
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
"""Formats with several media types whose clients accept only the one that they requested."""

_REMEMBERED = 256
"""Number of Accept headers whose choice is cached; clients send only a few different ones."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The choice of a response format.

    Attributes:
        format: the format.
        content_type: the Content-Type of the response.
        callback: the JSONP function that receives the response; empty without JSONP.
        config: the client's JSON options; None for the defaults.
        flat: the options of flat CSV; None for ordinary CSV.
    """

    format: Format
    content_type: str
    callback: str = ""
    config: JsonConfig | None = None
    flat: FlatCsv | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether the response body is exactly the output of the format's encoder."""
        dressed = self.format.download or self.format.for_people
        return not dressed and not self.callback and self.config is None

    def with_options(self, callback: str, config: JsonConfig | None, flat: FlatCsv | None) -> "Choice":
        """The choice with the JSON or CSV options of the query; other formats ignore them."""
        if self.format.name == _CSV and flat:
            return Choice(self.format, flat_csv.CONTENT_TYPE, flat=flat)
        if self.format.name != _JSON or not (callback or config):
            return self
        return Choice(self.format, jsonp.CONTENT_TYPE if callback else self.content_type, callback, config)


class Negotiator:
    """Chooses among the formats of a host.

    Attributes:
        choices: the formats with their default media types.
        default: the first format, for clients without a preference.
        names: names accepted as path suffix and in `?format=`, in lower case.
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
        """The format with this name, in any casing, with the media type that `accept` prefers."""
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
        """Choose the response format on a path that does not fix it.

        Args:
            suffix: the format suffix of the path.
            callback: whether `?callback=` is given, so that the response is a JSON script.
            name: the value of `?format=`; text after the first dot is ignored.
            accept: the Accept header.
            content_type: the Content-Type of the request.
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
        """The format of a body with this Content-Type; None if the host does not support it."""
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
    """The media type in a Content-Type, without parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def preferences(header: str) -> list[tuple[str, float]]:
    """The entries of an Accept header (or a similar one) in lower case, each with its quality."""
    listed = [(media_type(part), _quality(part)) for part in header.split(",")]
    return [(name, quality) for name, quality in listed if name]


def _by_preference(accept: str) -> list[str]:
    """The media types of an Accept header in order of preference, without those with `q=0`."""
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
