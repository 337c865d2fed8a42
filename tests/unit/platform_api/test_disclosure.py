"""A contact reaches an answer only through `view`: the sources are searched for every other way."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

SOURCES: Final = Path(__file__).parents[3] / "src"
PLATFORM: Final = SOURCES / "platform_api"
VISIBILITY: Final = "platform_api/contacts/visibility.py"
RELATIONS: Final = "platform_api/connections/relations.py"
CONTACTS: Final = "platform_api/contacts/"
PRIVATE: Final = {"email", "mobile_number", "phone_number", "primary_address", "photo_url", "photo_thumbnail_url"}
"""The private members of a contact, as columns of a table and as attributes of values."""

READERS: Final = {
    "platform_api/connections/letters.py": {"email"},  # an invitation goes to the address of the virtual contact
    "platform_api/connections/sending.py": {"email"},  # the name of a virtual contact may be its address
    "platform_api/accounts/rules.py": {"email"},  # a member of the registration, not of a contact
}
"""The modules outside of contacts that read a member with one of these names, and why."""

HIDDEN: Final = ("platform_api.contacts.facts", "platform_api.contacts.tables.profiles")
"""Modules and names that only the package of contacts imports."""

RULES: Final = {
    "ContactSummaryModel": (VISIBILITY,),  # made by `view` alone
    "Relation": (VISIBILITY, RELATIONS),  # decided by the relation of two contacts, never assumed
    "ContactFacts": (VISIBILITY, "platform_api/contacts/tables.py"),  # made by queries, through `CONTACT_FACTS`
    "profiles": (
        "platform_api/contacts/tables.py",
        "platform_api/contacts/store.py",
        "platform_api/contacts/wiring.py",
    ),
}
"""The modules that may use a name other than as the type of something."""


def misuses(path: str, source: str) -> list[str]:
    """The uses in a module that would let it show a contact without `view`."""
    tree = ast.parse(source)
    types = {id(node) for annotation in _annotations(tree) for node in ast.walk(annotation)}
    nodes = [node for node in ast.walk(tree) if id(node) not in types]
    found = [*_names(path, nodes), *_members(path, nodes), *_imports(path, nodes)]
    return [f"{path}:{line}: {use}" for line, use in found]


def _names(path: str, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Uses of names that only some modules may use."""
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if path not in RULES.get(name, (path,)):
                yield node.lineno, f"uses {name}"


def _members(path: str, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Reads of private members."""
    refused = set() if path.startswith(CONTACTS) else PRIVATE - READERS.get(path, set())
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in refused:
            yield node.lineno, f"reads {node.attr}"
        if isinstance(
            node, ast.Call | ast.Subscript
        ):  # getattr(contact, "email"), attrgetter("email"), table.c["email"]
            given = node.args if isinstance(node, ast.Call) else [node.slice]
            for each in given:
                if isinstance(each, ast.Constant) and each.value in refused:
                    yield each.lineno, f"reads {each.value}"
        if refused and isinstance(node, ast.Call) and _called(node) == "select" and _has_contacts(node.args):
            yield node.lineno, "selects every column of contacts"


def _called(call: ast.Call) -> str:
    """The name of the function that is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _has_contacts(arguments: Iterable[ast.expr]) -> bool:
    """Whether the table of contacts, or its `c`, is one of the arguments, starred or not."""
    texts = {ast.unparse(argument).removeprefix("*").removesuffix(".c").rpartition(".")[2] for argument in arguments}
    return "contacts" in texts


def _imports(path: str, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Imports of the facts, of the table of profiles, and of ruled names under another name."""
    if path.startswith(CONTACTS):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(("platform_api.contacts.facts", "platform_api.contacts.tables")):
                    yield node.lineno, f"imports {alias.name}"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}".startswith(HIDDEN) or (alias.asname and alias.name in RULES):
                    yield node.lineno, f"imports {alias.name}"


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    """Every expression that stands as a type: of a member, an argument or a result, or between the brackets of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            yield node.annotation
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield node.annotation
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns


def test_no_module_shows_a_contact_by_itself() -> None:
    """A new list, page or letter cannot leak a telephone number by mistake: it cannot read one."""
    modules = [path for path in sorted(PLATFORM.rglob("*.py")) if "migrations" not in path.parts]
    assert [] == [each for path in modules for each in misuses(path.relative_to(SOURCES).as_posix(), path.read_text())]


@pytest.mark.parametrize(
    "source",
    [
        "shown = ContactSummaryModel(mobile_number=number)",
        "shown = messages.ContactSummaryModel()",
        "shown = msgspec.convert(row, ContactSummaryModel)",
        "shown = view(facts, Relation.CONNECTED)",
        "shown = view(facts, contacts.Relation('connected'))",
        "facts = ContactFacts(row)",
        "number = cast(Facts, facts).mobile_number",
        "statement = select(tables.profiles.c.phone_number)",
        "answer = Found(address=contact.email)",
        "from platform_api.contacts.tables import contacts, profiles",
        "from platform_api.contacts.facts import Facts",
        "from platform_api.contacts import facts",
        "from platform_api.contacts import ContactSummaryModel as Model",
        "number = getattr(contact, 'mobile_number')",
        "numbers = map(attrgetter('phone_number'), found)",
        "statement = select(contacts.c['email'])",
        "statement = select(contacts)",
        "statement = select(*tables.contacts.c)",
        "statement = select(tables.profiles)",
        "import platform_api.contacts.facts",
        "import platform_api.contacts.tables as private",
    ],
)
def test_every_way_around_the_view_is_found(source: str) -> None:
    """Making the model, assuming a relation, making or reading facts, or selecting private columns."""
    assert [] != misuses("platform_api/directory/services.py", source)


@pytest.mark.parametrize(
    "source",
    [
        "def show(facts: ContactFacts, seen_as: Relation) -> ContactSummaryModel: return view(facts, seen_as)",
        "class Answer(Message):\n    contact: Annotated[ContactSummaryModel | None, Member('The contact.')] = None",
        "from platform_api.contacts import ContactFacts, Relation, view",
        "from platform_api.contacts.tables import CONTACT_FACTS, contacts, join_facts",
    ],
)
def test_types_and_the_view_itself_are_free(source: str) -> None:
    """A module may hold facts, pass them to `view` and declare members of the answer."""
    assert [] == misuses("platform_api/directory/services.py", source)


REFUSED: Final = {
    "facts.email": '"ContactFacts" has no attribute "email"',
    "facts[4]": 'Value of type "ContactFacts" is not indexable',
    "view(('id', 'RP'), seen_as)": 'Argument 1 to "view" has incompatible type',
    "view(facts, True)": 'Argument 2 to "view" has incompatible type',
}
"""Expressions that are type errors outside of the view, with the error of each."""


@pytest.mark.slow
def test_the_type_checker_refuses_to_read_facts(tmp_path: Path) -> None:
    """To all modules but the view, the facts of a contact are a value without members."""
    module = tmp_path / "listing.py"
    lines = ["from platform_api.contacts.visibility import ContactFacts, Relation, view", ""]
    for number, expression in enumerate(REFUSED):
        lines += [f"def shown{number}(facts: ContactFacts, seen_as: Relation) -> object:", f"    return {expression}"]
    module.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(tmp_path), str(module)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, env={"MYPYPATH": str(SOURCES)})
    errors = [line for line in checked.stdout.splitlines() if ": error: " in line]
    assert len(REFUSED) == len(errors)
    assert [] == [error for error, line in zip(REFUSED.values(), errors, strict=True) if error not in line]
