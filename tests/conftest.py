"""What holds for every test: how thoroughly hypothesis looks, and that no database goes untested unnoticed.

Two variables of the environment decide: `HYPOTHESIS_PROFILE` (`fast` unless set, `thorough`, or
`mutants`, which tries the same examples each time), and `CI`, with which
a skipped integration test is a failure, because there every database has to be there.
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
    """The report of a test; in CI a skipped integration test has failed."""
    report = yield
    is_skipped = report.skipped and not hasattr(report, "wasxfail")
    if is_skipped and os.environ.get("CI") and "integration" in item.path.parts:
        report.outcome = "failed"
        report.longrepr = f"skipped, where every database has to be there: {report.longrepr}"
    return report
