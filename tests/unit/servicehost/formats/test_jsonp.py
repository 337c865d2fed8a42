"""Tests of JSONP."""

import pytest

from servicehost.formats.jsonp import is_callback, script


@pytest.mark.parametrize("name", ["f", "$", "_1", "myCallback", "jQuery3600_17", "angular.callbacks._0", "a.b.c.d"])
def test_functions(name: str) -> None:
    """Names of functions and of methods are accepted."""
    assert is_callback(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1a",
        "a b",
        "a()",
        "alert(1)//",
        "a;b",
        "a[0]",
        "a.",
        ".a",
        "a..b",
        "a.b.c.d.e",
        "é",
        "a\n",
        "<script>",
        "a" * 65,
    ],
)
def test_texts_that_are_not_functions(name: str) -> None:
    """Text that could be anything but a function name is refused."""
    assert not is_callback(name)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1}', b'/**/f({"a":1})'),
        (b"", b"/**/f(null)"),
        ('"\u2028\u2029"'.encode(), b'/**/f("\\u2028\\u2029")'),
    ],
)
def test_script(body: bytes, expected: bytes) -> None:
    """The script is a call of the function, preceded by a comment so that it cannot pass for another file type."""
    assert expected == script("f", body)
