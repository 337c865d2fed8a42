"""Tests of the form of logs, and of the secrets that they must not contain."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from platform_api.installation import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Restore the configuration of logging."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The entries that were written as JSON lines."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_entry_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry is one line with its event, level, time, values and logger."""
    logs.configure(style="json")

    structlog.get_logger("outbox").info("resent", attempt=2, note="two\nlines")

    (entry,) = entries(capsys)
    assert "outbox" == entry["logger"]
    assert ("resent", "info", 2, "two\nlines") == (entry["event"], entry["level"], entry["attempt"], entry["note"])
    assert str(entry["timestamp"]).endswith("Z")


def test_an_entry_carries_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    """Every entry of a request has its id, including entries of libraries."""
    logs.configure(style="json")

    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger().info("first")
        logging.getLogger("library").info("second")
    structlog.get_logger().info("third")

    assert ["r1", "r1", None] == [entry.get("request_id") for entry in entries(capsys)]


def test_entries_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry of the standard library has the name of its logger, and its secrets are masked."""
    logs.configure(style="json")

    logging.getLogger("some.library").warning("refused %s", "Authorization: Bearer abc.def")

    (entry,) = entries(capsys)
    assert ("some.library", "warning", "refused Authorization: ********") == (
        entry["logger"],
        entry["level"],
        entry["event"],
    )


def test_entries_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The level applies to entries of the platform and of libraries."""
    logs.configure(level="warning", style="json")

    structlog.get_logger().info("ours")
    logging.getLogger("library").info("theirs")

    assert [] == entries(capsys)


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_is_written_without_secrets(capsys: pytest.CaptureFixture[str], style: logs.LogFormat) -> None:
    """An exception is written with its traceback, and a secret in its message is masked."""
    logs.configure(style=style)

    try:
        int("password=hunter2")
    except ValueError:
        structlog.get_logger().exception("failed", password="hunter2", body={"Token": "hunter2"})

    written = capsys.readouterr().err
    assert "Traceback" in written
    assert "hunter2" not in written


def test_no_terminal_means_json(capsys: pytest.CaptureFixture[str]) -> None:
    """By default entries are JSON unless standard error is a terminal."""
    logs.configure(style="auto")

    structlog.get_logger().info("event")

    assert ["event"] == [entry["event"] for entry in entries(capsys)]


def test_values_that_the_fast_encoder_refuses_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry with a lone surrogate or a huge number is written."""
    logs.configure(style="json")

    structlog.get_logger().info("odd", text="\ud800", number=2**70)

    (entry,) = entries(capsys)
    assert ("\ud800", 2**70) == (entry["text"], entry["number"])
