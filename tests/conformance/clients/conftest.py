"""Fixtures for this folder: a platform, and the reports of the programs of each test module."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.programs import CLIENTS, Platform, Programs, platform_in, save_python, save_typescript


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run a platform with two people."""
    with platform_in(tmp_path_factory.mktemp("platform")) as platform:
        yield platform


@pytest.fixture(scope="session")
def programs(platform: Platform) -> Programs:
    """Return the programs that use the published clients."""
    return Programs(platform)


@pytest.fixture(scope="session")
def python(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `dtos.py`."""
    folder = tmp_path_factory.mktemp("python")
    save_python(platform, folder)
    return folder


@pytest.fixture(scope="session")
def typescript(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `dtos.ts` and the programs compiled with it."""
    folder = tmp_path_factory.mktemp("typescript")
    save_typescript(platform, folder)
    return folder


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    """Return the name of a published client; the test runs with each of them."""
    name: str = request.param
    return name


@pytest.fixture
def told(request: pytest.FixtureRequest, client: str, programs: Programs) -> Mapping[str, Any]:
    """Return the report of the program named by `PROGRAM` in the test module, run with the client."""
    sources: Path = request.getfixturevalue("python" if client == "python" else "typescript")
    return programs.told(client, request.module.PROGRAM, sources)
