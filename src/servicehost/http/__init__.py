"""The ASGI application that serves a catalog: `Host`, its settings, and the errors of a declaration that it refuses."""

from servicehost.addresses import Addresses, NoAddress
from servicehost.binding.request import UnreadableRouteValue
from servicehost.http.app import ASGIApp, AuthenticatorMissing, Host
from servicehost.http.settings import HostSettings
from servicehost.routing import RouteDeclarationError

__all__ = [
    "ASGIApp",
    "Addresses",
    "AuthenticatorMissing",
    "Host",
    "HostSettings",
    "NoAddress",
    "RouteDeclarationError",
    "UnreadableRouteValue",
]
