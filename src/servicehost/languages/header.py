"""Comment at the top of a file: its origin and its options.

Client tools read `BaseUrl` and the options that are not commented out when they update a file. Given options must
therefore be written in a form that produces the same options again.
"""

from collections.abc import Iterator
from datetime import datetime

from servicehost.contract.catalog import Service
from servicehost.languages.language import Header, Language
from servicehost.languages.options import DEFAULTS, OptionKind, Options

_LISTS = (OptionKind.TYPES, OptionKind.IMPORTS)


def header_lines(service: Service, language: Language, options: Options, now: datetime) -> Iterator[str]:
    """Yield the header lines of a file written in this language at this time."""
    header = language.header
    yield from header.opening
    for line in _facts(service, header, now):
        yield header.each + line
    if header.blank is not None:
        yield header.blank
    for name in header.options:
        mark = header.on if name in options.given else header.off
        yield mark + _labelled(name, language.safe(_value(options, name, header)), header)
    if options.latest:
        yield f"{header.on}compat: latest"
    yield from header.closing


def _facts(service: Service, header: Header, now: datetime) -> Iterator[str]:
    mark = header.off if header.tip is None else header.tip
    yield f"Date: {now:%Y-%m-%d %H:%M:%S}"
    yield from header.further
    yield f"Version: {service.version}"
    yield f'Tip: To override a DTO option, remove "{mark}" prefix before updating'
    yield f"BaseUrl: {service.base_url}"


def _value(options: Options, name: str, header: Header) -> str:
    is_list = DEFAULTS[name][0] in _LISTS
    return header.joint.join(options.names(name)) if is_list else options.text(name)


def _labelled(name: str, value: str, header: Header) -> str:
    line = f"{name}: {value}"
    return line.rstrip() if header.trimmed else line


__all__ = ["header_lines"]
