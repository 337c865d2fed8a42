"""Parsing of sources by published grammars, for languages without a compiler here."""

import json
from pathlib import Path

from tests.support.clients import python_of_clients
from tests.support.compilers import run

_READ = """
import importlib, json, sys
from tree_sitter import Language, Parser

text = sys.stdin.buffer.read()
parser = Parser(Language(importlib.import_module(sys.argv[1]).language()))

def mistakes(node):
    if node.is_error or node.is_missing:
        yield text[node.start_byte : node.start_byte + 80].decode(errors="replace")
    else:
        for child in node.children:
            yield from mistakes(child)

json.dump(list(mistakes(parser.parse(text).root_node)), sys.stdout)
"""


def mistakes(grammar: str, text: str, folder: Path) -> list[str]:
    """Return the start of each part of a text that a grammar, named by its module, cannot parse."""
    found: list[str] = json.loads(run(python_of_clients(), "-c", _READ, grammar, cwd=folder, stdin=text))
    return found


__all__ = ["mistakes"]
