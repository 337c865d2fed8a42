"""Logs: structured entries on standard error, with the request id and without secrets.

Entries of libraries that use the standard library are written the same way.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from platform_api.installation.masking import masked_members
from platform_api.installation.settings.sections import LogFormat, Logging, LogLevel

_USUAL: Final = Logging()
_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _StandardError:
    """Writes lines to the current standard error, so that loggers may be cached."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class _ToStructlog(logging.Handler):
    """Passes entries of the standard library to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        level = max(logging.DEBUG, min(record.levelno // 10 * 10, logging.CRITICAL))
        exception = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger().log(level, record.getMessage(), logger=record.name, **exception)


def configure(level: LogLevel = _USUAL.level, style: LogFormat = _USUAL.format) -> None:
    """Write entries from `level` up, as JSON lines or for people; `auto` writes for people on a terminal only."""
    number = _LEVELS[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _add_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_secrets,
            _renderer(style),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_StandardError,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_ToStructlog()]
    root.setLevel(number)
    for verbose in ("alembic", "asyncio"):
        logging.getLogger(verbose).setLevel(max(number, logging.WARNING))


def _add_name(logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if logger.name is not None:
        event["logger"] = logger.name
    return event


def mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> MutableMapping[str, Any]:
    """Mask the secrets of an entry. This is the last processor before the renderer."""
    return masked_members(event)


def _renderer(style: LogFormat) -> Processor:
    terminal = sys.stderr.isatty()
    if style == "json" or (style == "auto" and not terminal):
        return structlog.processors.JSONRenderer(serializer=_json)
    return structlog.dev.ConsoleRenderer(colors=terminal, exception_formatter=structlog.dev.plain_traceback)


def _json(entry: object, **_: object) -> str:
    try:
        return msgspec.json.encode(entry).decode()
    except (UnicodeEncodeError, OverflowError):  # a lone surrogate, a number beyond 64 bits: slower, but written
        return json.dumps(entry)


__all__ = ["LogFormat", "LogLevel", "configure", "mask_secrets"]
