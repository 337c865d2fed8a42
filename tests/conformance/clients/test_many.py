"""Batches, one-way requests and files, as sent by the published clients."""

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.conformance

PROGRAM = "many"
Told = Mapping[str, Any]


def test_a_batch_is_answered_with_all_answers(told: Told) -> None:
    """Responses are in order, whether or not the brackets in the path are escaped."""
    answers = told["a batch"]
    assert len(answers) == 3
    assert answers[0] > 0
    assert [answers[0]] * 3 == answers


def test_a_batch_ends_with_its_first_failure(told: Told) -> None:
    """The error is that of the failed request, and a header contains the number of requests completed before it."""
    refused = told["a batch that fails"]
    assert (404, "NotFound") == (refused["status"], refused["code"])
    assert ["3", "1"] == [each for each in told["completed"] if each is not None]


def test_nobody_need_wait_for_a_batch(told: Told) -> None:
    """A one-way batch is executed, and the client discards the responses."""
    assert told["a batch that nobody waits for"] is None


def test_requests_of_one_way_are_done_at_once(told: Told) -> None:
    """One-way requests are executed like others, without a queue. The Python client supports only batches this way."""
    answered = told["a batch"][0]
    assert answered == told.get("one that nobody waits for", answered)


def test_batches_work_in_the_older_place(told: Told) -> None:
    """Batches work under the paths for replies and for one-way requests."""
    in_order, batch, *single = told["in the older place"]
    assert (told["a batch"], None) == (in_order, batch)
    assert single in ([], in_order[:1])


def test_a_file_comes_with_a_form(told: Told) -> None:
    """No operation accepts files: an uploaded file is ignored, and the members in the form or the query count."""
    assert told["a batch"][0] == told["a file"]
