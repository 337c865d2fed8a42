"""Configuration of all tests: hypothesis profiles, and no skipped integration tests in CI.

Two environment variables decide: `HYPOTHESIS_PROFILE` (`fast` by default, `thorough`, or `mutants`, which tries the same
examples every time), and `CI`. With `CI`, a skipped integration test fails, because all databases have to be available.
"""

import os
from collections.abc import Generator

import pytest
from hypothesis import Phase, settings

settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.register_profile(
    "mutants", max_examples=50, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report a test; in CI, report a skipped integration test as failed."""
    report = yield
    is_skipped = report.skipped and not hasattr(report, "wasxfail")
    if is_skipped and os.environ.get("CI") and "integration" in item.path.parts:
        report.outcome = "failed"
        report.longrepr = f"skipped, where every database has to be there: {report.longrepr}"
    return report
