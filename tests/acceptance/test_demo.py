"""The demo over HTTP and SMTP, with real processes; it asserts each of its steps."""

import pytest

from platform_api.program.demo import play


def test_the_main_job_works_from_the_first_registration_to_the_end_of_a_connection(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The demo completes, and shows neither tokens nor passwords."""
    play()

    printed = capsys.readouterr().out
    assert printed.endswith("Every step succeeded.\n")
    assert "passphrase" not in printed
