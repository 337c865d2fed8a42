"""The ASGI application that serves a catalog: `Host`, its settings and lifespan, and its declaration errors."""

from servicehost.addresses import Addresses, NoAddress, local_path
from servicehost.binding.request import UnreadableRouteValue
from servicehost.http.app import AuthenticatorMissing, Host, RequestObserver
from servicehost.http.lifespan import ASGIApp, LifespanApplication, NotOpened
from servicehost.http.settings import HostSettings
from servicehost.http.sign_in_page import UnusableSignInPage
from servicehost.routing import RouteDeclarationError

__all__ = [
    "ASGIApp",
    "Addresses",
    "AuthenticatorMissing",
    "Host",
    "HostSettings",
    "LifespanApplication",
    "NoAddress",
    "NotOpened",
    "RequestObserver",
    "RouteDeclarationError",
    "UnreadableRouteValue",
    "UnusableSignInPage",
    "local_path",
]
