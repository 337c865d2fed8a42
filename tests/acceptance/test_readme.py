"""What the README tells newcomers to type works."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.installation import PATIENCE, running

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_first_invitation_of_the_readme_works(tmp_path: Path) -> None:
    """The commands of the README, with the address and the password of this server, invite somebody and list it."""
    (script,) = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    with running(tmp_path) as server:
        assert server.operator is not None
        typed = script.replace("http://127.0.0.1:8000", server.url).replace("PASSWORD", server.operator[1])

        done = subprocess.run(
            ["bash", "-euc", typed], capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=tmp_path
        )

    assert "ConnectionRequestId," in done.stdout
    assert "second@example.com" in done.stdout
    assert "ErrorCode" not in done.stdout
