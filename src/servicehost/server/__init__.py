"""An HTTP server for ASGI applications that keeps its limits before an application hears of a request."""

from servicehost.server.lifespan import NotStarted
from servicehost.server.limits import ServerLimits
from servicehost.server.listening import Server
from servicehost.server.serving import CannotListen, serve
from servicehost.server.shared import Application

__all__ = ["Application", "CannotListen", "NotStarted", "Server", "ServerLimits", "serve"]
