"""Sources of values: defaults, a TOML file, the environment, flags; later ones take precedence.

All errors are reported at once, each with its source.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from msgspec import inspect

from platform_api.foundation.refusals import WrongUsage
from platform_api.installation.masking import MASK
from platform_api.installation.settings.sections import Settings
from platform_api.installation.settings.values import Kind, kind_of

FILE_NAME: Final = "platform-api.toml"
FILE_VARIABLE: Final = "PLATFORM_API_CONFIG"
PREFIX: Final = "PLATFORM_API_"


class WrongSettings(WrongUsage):
    """The settings are invalid; `problems` has a sentence for each error."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("Invalid settings:\n" + "\n".join(f"  - {problem}" for problem in self.problems))


@dataclass(frozen=True)
class Setting:
    """A setting.

    Attributes:
        key: its table and its name in it, `mail.host`.
        section: the attribute of `Settings` that has its section.
        member: the attribute of the section that has its value.
        annotation: the declared type.
        kind: the kind of its values, with their notation.
        description: its purpose, in a sentence.
        default: its value unless it is set.
        secret: whether its value is masked wherever it is shown.
    """

    key: str
    section: str
    member: str
    annotation: Any
    kind: Kind
    description: str
    default: object
    secret: bool

    def read(self, given: object) -> object:
        """Convert and check a value.

        Raises:
            ValueError: the value is not of the kind.
        """
        try:
            return msgspec.convert(self.kind.prepare(given), self.annotation, dec_hook=_path)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"is not {self.kind.wanted}") from error

    def shown(self, value: object) -> str:
        """The value as text; a secret one is masked."""
        return MASK if self.secret and value is not None else self.kind.write(value)

    def value_in(self, settings: Settings) -> object:
        """Its value in these settings."""
        return getattr(getattr(settings, self.section), self.member)

    @property
    def table(self) -> str:
        """The table of its key."""
        return self.key.partition(".")[0]

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.key.upper().replace(".", "__")


@dataclass(frozen=True)
class Loaded:
    """Settings, and the source of each value that was set, by key."""

    settings: Settings
    origins: Mapping[str, str]


@dataclass(frozen=True)
class _Given:
    key: str
    value: object
    origin: str


def _path(cls: type, value: Any) -> Any:
    if cls is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("no path")


def _declared() -> Iterator[Setting]:
    for section in msgspec.structs.fields(Settings):
        types = cast("inspect.StructType", inspect.type_info(section.type)).fields
        for field, described in zip(msgspec.structs.fields(section.type), types, strict=True):
            if isinstance(described.type, inspect.Metadata) and described.type.extra is not None:
                yield _setting(section.name, field, described.type)


def _setting(section: str, field: msgspec.structs.FieldInfo, declared: inspect.Metadata) -> Setting:
    extra, schema = declared.extra or {}, declared.extra_json_schema or {}
    return Setting(
        key=extra["key"],
        section=section,
        member=field.name,
        annotation=field.type,
        kind=kind_of(declared.type),
        description=schema["description"],
        default=field.default,
        secret=extra["secret"],
    )


def _by_table(settings: Iterable[Setting]) -> list[Setting]:
    """The settings with those of one table together; else in the order of their declaration."""
    declared = list(settings)
    tables = list(dict.fromkeys(setting.table for setting in declared))
    return sorted(declared, key=lambda setting: tables.index(setting.table))


SETTINGS: Final[Mapping[str, Setting]] = {setting.key: setting for setting in _by_table(_declared())}
"""All settings by key, table by table."""


def load(
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Loaded:
    """Load the settings from `file`, `environment` (default: that of the process) and `flags` (values by key).

    Without `file`, the one that `PLATFORM_API_CONFIG` names is read, otherwise `platform-api.toml` in the current folder,
    if it exists.

    Raises:
        WrongSettings: settings are invalid; the error lists all problems.
    """
    variables = os.environ if environment is None else environment
    problems: list[str] = []
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for given in _all_given(variables, flags or {}, file, problems):
        _take(given, values, origins, problems)
    settings = _build(values)
    problems.extend(contradictions(settings) if not problems else ())
    if problems:
        raise WrongSettings(problems)
    return Loaded(settings, origins)


def describe(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Key, value as text, and source of every setting; secrets are masked."""
    for key, setting in SETTINGS.items():
        yield key, setting.shown(setting.value_in(loaded.settings)), loaded.origins.get(key, "default")


def contradictions(settings: Settings) -> Iterator[str]:
    """A sentence for each pair of values that contradict each other."""
    for section in msgspec.structs.fields(Settings):
        yield from getattr(settings, section.name).contradictions()


def _take(given: _Given, values: dict[str, object], origins: dict[str, str], problems: list[str]) -> None:
    setting = SETTINGS.get(given.key)
    if setting is None:
        problems.append(f"{given.key} ({given.origin}) is not a setting{_near_miss(given.key)}")
        return
    try:
        values[given.key] = setting.read(given.value)
        origins[given.key] = given.origin
    except ValueError as error:
        shown = "the value" if setting.secret else repr(given.value)
        problems.append(f"{given.key}: {shown} ({given.origin}) {error}.")


def _near_miss(key: str) -> str:
    same_name = [known for known in SETTINGS if known.endswith("." + key.rpartition(".")[2])]
    near = same_name[:1] or difflib.get_close_matches(key, SETTINGS, n=1)
    return f"; did you mean {near[0]}?" if near else "; `platform-api settings` lists them."


def _build(values: Mapping[str, object]) -> Settings:
    sections: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        setting = SETTINGS[key]
        sections.setdefault(setting.section, {})[setting.member] = value
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    return Settings(**{name: types[name](**members) for name, members in sections.items()})


def _all_given(
    environment: Mapping[str, str], flags: Mapping[str, str], file: Path | None, problems: list[str]
) -> Iterator[_Given]:
    named = file or (Path(environment[FILE_VARIABLE]) if environment.get(FILE_VARIABLE) else None)
    yield from _in_file(named or Path(FILE_NAME), named is not None, problems)
    for variable, value in environment.items():
        # A variable without two underscores is ignored: container platforms add PLATFORM_API_PORT and the like.
        if variable.startswith(PREFIX) and "__" in variable:
            key = variable.removeprefix(PREFIX).lower().replace("__", ".", 1)
            yield _Given(key, value, f"environment {variable}")
    for key, value in flags.items():
        yield _Given(key, value, "flag")


def _in_file(file: Path, must_exist: bool, problems: list[str]) -> Iterator[_Given]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            problems.append(f"{file} does not exist; name an existing file, or omit the option.")
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{file} cannot be read: {error}.")
        return
    for name, table in tables.items():
        if isinstance(table, dict):
            yield from (_Given(f"{name}.{member}", value, str(file)) for member, value in table.items())
        else:
            problems.append(
                f"{name} ({file}) is outside of all sections; move it below the name of its section, such as [server]."
            )


__all__ = ["SETTINGS", "Loaded", "Setting", "WrongSettings", "contradictions", "describe", "load"]
