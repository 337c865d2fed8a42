"""Docstrings and comments are plain English: the most common hard phrases do not occur."""

from pathlib import Path

import pytest
from tests.support.documentation import ROOT
from tests.support.prose import PHRASES, Phrase, faults, messages, passages

EXCEPTIONS = {
    "platform_api/contacts/messages.py: "
    "What a profile is saved from: that of a person, or with a legal or trading name that of an organisation.": "published",
    "platform_api/directory/messages.py: The contact of whoever asks.": "published",
    "servicehost/security/messages.py: "
    "Who is signed in, and the tokens of the session where they travel in the body.": "published",
}
"""Passages that may keep such a phrase, by `path: first line`, with the reason; published ones are in the contract file."""

SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_docstrings_and_comments_are_plain() -> None:
    """No docstring or comment in `src` contains a phrase of the list, apart from the exceptions."""
    found = [
        f"{name(path, text)} (line {line}): {fault}"
        for path in SOURCES
        for line, text in passages(path)
        if name(path, text) not in EXCEPTIONS
        for fault in faults(text)
    ]
    assert [] == found, "\n".join(found)


def test_messages_are_plain() -> None:
    """No error, log event or other text contains a phrase of the list.

    Excluded are the texts of the contract in `messages.py`, and comments of columns, which are part of the schema.
    """
    excluded = ("messages.py", "list_messages.py", "lists.py", "tables.py")
    files = [path for path in SOURCES if path.name not in excluded and "migrations" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in files
        for line, text in messages(path)
        for fault in faults(text)
    ]
    assert [] == found


def test_exceptions_occur() -> None:
    """Every exception belongs to a passage that contains a phrase."""
    flagged = {name(path, text) for path in SOURCES for _, text in passages(path) if any(faults(text))}
    assert EXCEPTIONS.keys() <= flagged


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.wrong[0].splitlines()[-1].strip())
def test_phrases(phrase: Phrase) -> None:
    """Each pattern finds its wrong examples and accepts its right ones; these contain no other phrase."""
    assert ([True] * len(phrase.wrong), [[] for _ in phrase.right]) == (
        [phrase.pattern.search(text) is not None for text in phrase.wrong],
        [list(faults(text)) for text in phrase.right],
    )


def test_passages(tmp_path: Path) -> None:
    """Docstrings of modules, functions and attributes are found, and comments; other strings are not."""
    file = tmp_path / "example.py"
    file.write_text(
        '"""Module."""\n\nX = "text"\n"""Attribute."""\n\n\ndef f():\n    """Function."""\n    return 1  # comment\n'
    )
    assert [(1, "Module."), (4, "Attribute."), (8, "Function."), (9, "comment")] == list(passages(file))


def test_messages(tmp_path: Path) -> None:
    """Strings of several words are found, also in f-strings; docstrings and short strings are not."""
    file = tmp_path / "example.py"
    file.write_text(
        '"""A docstring of five words."""\nKEY = "two words"\nA = "four words in text"\nB = f"{KEY} and three more words"\n'
    )
    assert [(3, "four words in text"), (4, " and three more words")] == list(messages(file))


def name(path: Path, text: str) -> str:
    """Return the name of a passage for the list of exceptions."""
    return f"{path.relative_to(ROOT / 'src')}: {text.strip().splitlines()[0] if text.strip() else ''}"
