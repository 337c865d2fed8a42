"""Docstrings and comments of Python source, and the phrases that they should not contain."""

import ast
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Phrase:
    """A kind of phrase that readers find hard to understand.

    Attributes:
        pattern: regular expression that finds it in a docstring or comment.
        advice: how to write instead.
        wrong: texts that contain it.
        right: similar texts that do not.
    """

    pattern: re.Pattern[str]
    advice: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]


PHRASES: Sequence[Phrase] = (
    Phrase(
        re.compile(r"\AWhat\b"),
        "Start with a noun phrase or a verb.",
        ("What a claim needs to know.",),
        ("Parameters of a claim.", "Return what the caller passed."),
    ),
    Phrase(
        re.compile(r"\AWho(?:m|se)?\b"),
        "Name the thing: 'Access to an operation', not 'Who may call an operation'.",
        ("Who asks.", "Whose contact it is.", "Whom to notify."),
        ("Return the caller.", "Whole seconds.", "A person who asks."),
    ),
    Phrase(
        re.compile(r"^ +\w+: (?:what|who|whom|whose)\b", re.MULTILINE),
        "Describe an attribute or argument by a noun phrase.",
        ("A letter.\n\n    Attributes:\n        kind: what it is about.",),
        ("A letter.\n\n    Attributes:\n        kind: kind of the letter.\n        due_at: when it is due.",),
    ),
    Phrase(
        re.compile(r"(?<!\b[Tt]here )\b(?:is|are|was|were) none\b"),
        "Use 'is not a ...'.",
        ("A name that is none in Python.", "These were none."),
        ("Return the route; None if there is none.", "There are none.", "None if it has none.", "The default is None."),
    ),
    Phrase(
        re.compile(r"(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|later\b|earlier\b)", re.IGNORECASE),
        "Use 'is not a ...'.",
        ("A text that is no token.", "Options that are no options."),
        ("There is no token.", "The token is no longer valid.", "It is no more than a hint."),
    ),
    Phrase(
        re.compile(r"\b(?:no|some|any|every)body\b", re.IGNORECASE),
        "Name the person or the program: the caller, the owner, a client, a user.",
        ("Nobody hears of it.", "An address of somebody.", "Somebody's request."),
        ("No notice is sent.", "The body of a request.", "Another user's request."),
    ),
    Phrase(
        re.compile(r"\bwho(?:m)?ever\b", re.IGNORECASE),
        "Name the person or the program: the caller, the owner, a client, a user.",
        ("Wake whoever listens.",),
        ("Wake the listeners.", "Whatever its length."),
    ),
    Phrase(
        re.compile(r"\bso (?:many|much) (?:of|seconds|bytes|rows|requests|letters|times)\b", re.IGNORECASE),
        "Name the quantity: 'the given number of seconds'.",
        ("Wait for so many seconds.", "So much of it."),
        ("Wait for the given seconds.", "This takes so much time that it runs in a thread."),
    ),
    Phrase(
        re.compile(r"\bto be had\b|\ball the same\b|\bjust so\b|\bmade anew\b", re.IGNORECASE),
        "Use a common expression: available, nevertheless, exactly, create again.",
        ("There is no compiler to be had.", "It is accepted all the same."),
        ("No compiler is available.", "They all have the same name.", "All of the same type."),
    ),
)
"""The phrases, most common first."""

SHORTEST_MESSAGE: Final = 3
"""Strings with this number of words or fewer are names, keys and fragments rather than messages."""


def passages(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and comments of a file with their line numbers; attribute docstrings count too."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value
    lines = iter(source.splitlines(keepends=True))
    for token in tokenize.generate_tokens(lambda: next(lines, "")):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the other strings of a file that contain several words, such as errors and log events, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            text = node.value
            yield from [(node.lineno, text)] if len(text.split()) > SHORTEST_MESSAGE else []


def faults(text: str) -> Iterator[str]:
    """Yield the found phrases of a text, each with the advice."""
    for phrase in PHRASES:
        for found in phrase.pattern.finditer(text):
            yield f"'{found[0].strip()}'. {phrase.advice}"


__all__ = ["PHRASES", "Phrase", "faults", "messages", "passages"]
