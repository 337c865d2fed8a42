"""Tests of the addresses of servers."""

import pytest

from platform_api.database.addresses import is_server, problem_with, without_password

SOUND = (
    "postgresql://user:password@db.example.com:5432/name",
    "postgres://db/name",
    "postgresql://user@[::1]:5432/name",
    "postgresql://user:p%40ss@db1:5432,db2:65535/name?sslmode=require",
)
BROKEN_PORT = "has a port that is not a number"


@pytest.mark.parametrize("url", SOUND)
def test_a_sound_address_has_no_problem(url: str) -> None:
    """Users, passwords, ports, several hosts and options may be left out or given."""
    assert (True, None) == (is_server(url), problem_with(url))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://db/name", "is not an address such as postgresql://user@host:5432/name"),
        ("var/data.db", "is not an address such as postgresql://user@host:5432/name"),
        ("postgresql://[db/name", "is not an address such as postgresql://user@host:5432/name"),
        ("postgresql://user:secret@db", "names no database; its name follows the host, as in"),
        ("postgresql://user:secret@db/", "names no database; its name follows the host, as in"),
        ("postgresql://user:se/cret@db/name", BROKEN_PORT),
        ("postgresql://user:se#cret@db/name", "names no database"),
        ("postgresql://user@db:port/name", BROKEN_PORT),
        ("postgresql://user@db:70000/name", BROKEN_PORT),
        ("postgresql://user@db1:5432,db2:x/name", BROKEN_PORT),
        ("postgresql://user@db/name#more", BROKEN_PORT),
    ],
)
def test_a_broken_address_is_explained_without_its_password(url: str, problem: str) -> None:
    """The sentence names the kind of fault, and no part of the address."""
    said = problem_with(url)

    assert said is not None
    assert said.startswith(problem)
    assert "cret" not in said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://user:password@db:5432/name?sslpassword=x", "postgresql://user@db:5432/name"),
        ("postgresql://user:p@ss@db1,db2/name", "postgresql://user@db1,db2/name"),
        ("postgresql://db/name", "postgresql://db/name"),
    ],
)
def test_messages_show_no_password(url: str, shown: str) -> None:
    """User, hosts and name are kept; the password and the options are not."""
    assert shown == without_password(url)
