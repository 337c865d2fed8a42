"""What the logs look like, and what never gets into them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from platform_api.installation import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The entries that were written as JSON lines."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_entry_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry has its event, level, time, facts and who wrote it, in one line."""
    logs.configure(style="json")

    structlog.get_logger("outbox").info("resent", attempt=2, note="two\nlines")

    (entry,) = entries(capsys)
    assert "outbox" == entry["logger"]
    assert ("resent", "info", 2, "two\nlines") == (entry["event"], entry["level"], entry["attempt"], entry["note"])
    assert str(entry["timestamp"]).endswith("Z")


def test_an_entry_carries_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    """What was bound for the request is in each of its entries, also in those of libraries."""
    logs.configure(style="json")

    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger().info("first")
        logging.getLogger("library").info("second")
    structlog.get_logger().info("third")

    assert ["r1", "r1", None] == [entry.get("request_id") for entry in entries(capsys)]


def test_libraries_log_through_the_same_road(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry of the standard library has its logger's name, and its secrets are masked."""
    logs.configure(style="json")

    logging.getLogger("some.library").warning("refused %s", "Authorization: Bearer abc.def")

    (entry,) = entries(capsys)
    assert ("some.library", "warning", "refused Authorization: ********") == (
        entry["logger"],
        entry["level"],
        entry["event"],
    )


def test_entries_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The level holds for our entries and for those of libraries."""
    logs.configure(level="warning", style="json")

    structlog.get_logger().info("ours")
    logging.getLogger("library").info("theirs")

    assert [] == entries(capsys)


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_is_written_without_secrets(capsys: pytest.CaptureFixture[str], style: logs.LogFormat) -> None:
    """An exception is told with its traceback; a secret in its message is not."""
    logs.configure(style=style)

    try:
        int("password=hunter2")
    except ValueError:
        structlog.get_logger().exception("failed", password="hunter2", body={"Token": "hunter2"})

    written = capsys.readouterr().err
    assert "Traceback" in written
    assert "hunter2" not in written


def test_no_terminal_means_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Unless told otherwise, entries that no terminal reads are JSON."""
    logs.configure(style="auto")

    structlog.get_logger().info("event")

    assert ["event"] == [entry["event"] for entry in entries(capsys)]


def test_what_json_cannot_say_easily_is_written_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Half a surrogate pair or a huge number does not silence an entry."""
    logs.configure(style="json")

    structlog.get_logger().info("odd", text="\ud800", number=2**70)

    (entry,) = entries(capsys)
    assert ("\ud800", 2**70) == (entry["text"], entry["number"])
