"""Java and Kotlin programs: generated classes, compiled with stubs of the client library and Gson."""

from collections.abc import Iterable
from pathlib import Path

from tests.support.compilers import compiler, library, run
from tests.support.exchange import Exchange, answered, asked, declared_response

from servicehost.contract.catalog import Operation

STUBS = Path(__file__).parent.parent / "conformance/languages/stubs/java"
GSON = "/usr/share/java/gson.jar"
KOTLIN = "/usr/share/java/kotlin-stdlib.jar"


def path_of(*parts: Path) -> str:
    """Return the class path."""
    return ":".join(map(str, (*parts, library(GSON))))


def compiled_java(files: Iterable[Path], into: Path, *needed: Path) -> Path:
    """Compile Java files; return the folder of the classes. A warning is a failure."""
    run(
        compiler("javac"),
        *("-encoding", "UTF-8", "-Xlint:all", "-Werror", "-proc:none"),
        *("-classpath", path_of(*needed), "-d", into),
        *files,
        cwd=into.parent,
    )
    return into


def compiled_kotlin(files: Iterable[Path], into: Path, *needed: Path) -> tuple[Path, ...]:
    """Compile Kotlin files; return the folder of the classes and the library they need. A warning is a failure."""
    run(
        compiler("kotlinc"),
        *("-Werror", "-classpath", path_of(*needed), "-d", into),
        *files,
        cwd=into.parent,
        environment={"JAVA_OPTS": "-Xmx1G -XX:TieredStopAtLevel=1"},
    )
    return into, library(KOTLIN)


def compiled_stubs(folder: Path) -> Path:
    """Compile the stubs of the client library and the program that exchanges messages."""
    return compiled_java(sorted(STUBS.rglob("*.java")), folder / "stubs")


def exchange(classes: Iterable[Path], prefix: str, folder: Path) -> Exchange:
    """Return a function that sends messages through the classes of a source; class names get the prefix."""
    command = [compiler("java"), "-XX:TieredStopAtLevel=1", "-classpath", path_of(*classes), "Exchange", prefix]
    return lambda bodies: answered(run(*command, cwd=folder, stdin=asked(bodies)))


def response_and_route(operation: Operation) -> tuple[str, ...]:
    """Return the response and the first route that the classes of a request declare."""
    routes = operation.contract.routes
    path = f"{','.join(routes[0].verbs)} {routes[0].template}" if routes else ""
    return declared_response(operation), path


__all__ = ["compiled_java", "compiled_kotlin", "compiled_stubs", "exchange", "response_and_route"]
