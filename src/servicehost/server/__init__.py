"""An HTTP server for ASGI applications, which enforces its limits before it calls the application."""

from servicehost.server.lifespan import NotStarted
from servicehost.server.limits import ServerLimits
from servicehost.server.listening import Server
from servicehost.server.serving import CannotListen, serve
from servicehost.server.shared import Application

__all__ = ["Application", "CannotListen", "NotStarted", "Server", "ServerLimits", "serve"]
