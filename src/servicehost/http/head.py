"""Checks of a request's head before routing: number and size of the header fields, and the Host field."""

import re
from typing import Final

from servicehost.contract.errors import HeadersTooLarge, InvalidHost
from servicehost.http.headers import Headers
from servicehost.http.settings import HostSettings

_WITHOUT_HOST: Final = ("1.0", "0.9")
"""HTTP versions in which the Host field is optional."""

_is_host = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?").fullmatch
"""RFC 3986 `host [":" port]`, without commas, which would come from joined repeated fields."""


def check_head(http_version: str, headers: Headers, settings: HostSettings) -> None:
    """Refuse a head that is too large or has no valid Host field.

    Raises:
        HeadersTooLarge: the number or the size of the fields exceeds the settings.
        InvalidHost: the Host field is missing, repeated or malformed (RFC 9112, section 3.2).
    """
    if headers.count > settings.header_count:
        raise HeadersTooLarge(f"The request has more than {settings.header_count} header fields. Send fewer.")
    if headers.size > settings.header_limit:
        raise HeadersTooLarge(f"The header fields are larger than {settings.header_limit} bytes. Send less.")
    host = headers.fields.get(b"host")
    if host is None:
        if http_version not in _WITHOUT_HOST:
            raise InvalidHost("The Host header field is missing. Send the host of the URL in it.")
    elif _is_host(host) is None:
        raise InvalidHost("The Host header field is malformed or repeated. Send it once, with the host of the URL.")


__all__ = ["check_head"]
