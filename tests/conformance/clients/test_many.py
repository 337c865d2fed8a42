"""Batches, one-way requests and files, as the published clients send them."""

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.conformance

PROGRAM = "many"
Told = Mapping[str, Any]


def test_a_batch_is_answered_with_all_answers(told: Told) -> None:
    """In their order, whether the brackets in the path are escaped or not."""
    answers = told["a batch"]
    assert len(answers) == 3
    assert answers[0] > 0
    assert [answers[0]] * 3 == answers


def test_a_batch_ends_with_its_first_failure(told: Told) -> None:
    """The refusal is that of the request which failed, and a header says how many were done before."""
    refused = told["a batch that fails"]
    assert (404, "NotFound") == (refused["status"], refused["code"])
    assert ["3", "1"] == [each for each in told["completed"] if each is not None]


def test_nobody_need_wait_for_a_batch(told: Told) -> None:
    """A batch sent one way is done as well, and the client drops the answers."""
    assert told["a batch that nobody waits for"] is None


def test_requests_of_one_way_are_done_at_once(told: Told) -> None:
    """There is no queue, so that they are answered as others are. The client for Python sends only batches this way."""
    answered = told["a batch"][0]
    assert answered == told.get("one that nobody waits for", answered)


def test_batches_work_in_the_older_place(told: Told) -> None:
    """Under the paths for replies and for one-way requests."""
    in_order, batch, *single = told["in the older place"]
    assert (told["a batch"], None) == (in_order, batch)
    assert single in ([], in_order[:1])


def test_a_file_comes_with_a_form(told: Told) -> None:
    """No operation takes files: one that comes along does no harm, and the members in the form or the query count."""
    assert told["a batch"][0] == told["a file"]
