"""Tests of the reports of background work."""

from datetime import timedelta

from platform_api.foundation.pulse import Pulse
from platform_api.foundation.pulse_reading import PulseReading


def test_a_pulse_tells_its_last_report_and_how_old_it_is() -> None:
    """Before the first report its age counts from its creation; a success ends a failure."""
    times = iter([100.0, 103.0, 110.0, 112.5, 120.0, 121.0])
    pulse = Pulse("mail", timedelta(minutes=1), lambda: next(times))

    assert PulseReading("mail", 3.0, 60.0, reported=False, failure=None) == pulse.read()
    pulse.failed("silence")
    assert PulseReading("mail", 2.5, 60.0, reported=True, failure="silence") == pulse.read()
    pulse.succeeded()
    assert PulseReading("mail", 1.0, 60.0, reported=True, failure=None) == pulse.read()
