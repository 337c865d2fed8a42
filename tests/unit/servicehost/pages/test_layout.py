"""Rules for every page of the host."""

import base64
import hashlib
import re

import pytest
from jinja2 import UndefinedError

from servicehost.contract.catalog import Service
from servicehost.pages import STYLE, STYLE_SOURCE, Templates, text_page

SERVICE = Service("Acme & Sons", "https://api.example.com", "http://schemas.example.com/acme", "Acme")
PAGE = text_page(SERVICE, "Gone", 'There is no "<b>".')


def test_values_are_escaped() -> None:
    """Values are text, not markup."""
    assert "Acme &amp; Sons" in PAGE
    assert "There is no &#34;&lt;b&gt;&#34;." in PAGE


def test_the_policy_allows_exactly_this_style_sheet() -> None:
    """The hash in the policy is that of the embedded text."""
    between_tags = PAGE.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(between_tags.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == STYLE_SOURCE


def test_a_page_needs_no_script_and_no_network() -> None:
    """It has no scripts, no event handlers, no inline styles, and no external resources."""
    assert not re.search(r"<script|\son\w+=|\sstyle=|\ssrc=|javascript:", PAGE)
    assert re.findall(r'<link[^>]*href="([^"]*)"', PAGE) == ["data:,"]
    assert not re.search(r"url\(|@import", STYLE)


def test_a_page_is_for_phones_and_for_dark_rooms() -> None:
    """It declares its viewport and its colour schemes."""
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in PAGE
    assert '<meta name="color-scheme" content="light dark">' in PAGE
    assert "@media (prefers-color-scheme: dark)" in STYLE


def test_a_page_says_its_language_and_lets_keyboards_skip_to_the_content() -> None:
    """The first link leads to `<main>`."""
    assert '<html lang="en">' in PAGE
    assert re.findall(r'<a [^>]*href="([^"]*)"', PAGE)[0] == "#main"
    assert '<main id="main">' in PAGE


def test_a_missing_value_is_an_error() -> None:
    """It does not leave a gap on the page."""
    with pytest.raises(UndefinedError):
        Templates("servicehost.pages").render("text.html", service=SERVICE, heading="Gone")


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as defined by the accessibility guidelines."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "link", "mark"])
@pytest.mark.parametrize("paper", ["paper", "sheet", "code"])
def test_colours_can_be_read(theme: int, ink: str, paper: str) -> None:
    """Every text colour has the contrast required by the guidelines on every background."""
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", STYLE.split("@media (prefers-color-scheme: dark)")[theme]))
    assert contrast(colours[ink], colours[paper]) >= 4.5
