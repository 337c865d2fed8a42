"""Sources parsed by published grammars, in the environment of the clients: for languages without a compiler here."""

import json
from pathlib import Path

from tests.support.compilers import compiler, run

PYTHON = Path(__file__).parents[2] / "var" / "clients" / "bin" / "python"
"""The Python of the environment in which published clients and grammars are installed."""

_PARSE = """
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
    """What a grammar, named by its module, does not understand of a text."""
    python = compiler(str(PYTHON))
    found: list[str] = json.loads(run(python, "-c", _PARSE, grammar, cwd=folder, stdin=text))
    return found


__all__ = ["PYTHON", "mistakes"]
