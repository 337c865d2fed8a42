"""Tests of the sources of settings, and of the errors about invalid values."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.installation.settings import SETTINGS, Setting, Settings, WrongSettings, describe, load

NUMBERS = st.none() | st.integers(min_value=0, max_value=10_000)


def problems(
    environment: Mapping[str, str] | None = None, flags: Mapping[str, str] | None = None, file: Path | None = None
) -> str:
    """The errors about invalid values."""
    with pytest.raises(WrongSettings) as caught:
        load(environment or {}, flags, file)
    return "\n".join(caught.value.problems)


def written(folder: Path, text: str) -> Path:
    """A settings file with this text."""
    file = folder / "platform-api.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults() -> None:
    """Without a file, environment and flags, the defaults apply."""
    assert Settings() == load({}).settings


@given(in_file=NUMBERS, in_environment=NUMBERS, in_flag=NUMBERS)
def test_the_later_source_wins(in_file: int | None, in_environment: int | None, in_flag: int | None) -> None:
    """Flags take precedence over the environment, the environment over the file, and the file over defaults; the source is shown."""
    with TemporaryDirectory() as folder:
        line = "" if in_file is None else f"resends_per_request = {in_file}"
        file = written(Path(folder), f"[limits]\n{line}\n")
        variable = "PLATFORM_API_LIMITS__RESENDS_PER_REQUEST"
        environment = {} if in_environment is None else {variable: str(in_environment)}
        flags = {} if in_flag is None else {"limits.resends_per_request": str(in_flag)}

        loaded = load(environment, flags, file)

    sources = [(in_flag, "flag"), (in_environment, f"environment {variable}"), (in_file, str(file)), (5, None)]
    value, origin = next((value, origin) for value, origin in sources if value is not None)
    assert (value, origin) == (
        loaded.settings.connections.resends,
        loaded.origins.get("limits.resends_per_request"),
    )


@given(st.data())
def test_the_text_of_a_value_is_read_back(data: st.DataObject) -> None:
    """The text of a value, given for the same key, is read as that value."""
    setting = data.draw(st.sampled_from([setting for setting in SETTINGS.values() if not setting.secret]))

    assert setting.default == setting.read(setting.shown(setting.default))


def test_a_file_may_write_values_in_its_own_types(tmp_path: Path) -> None:
    """Numbers, lists and strings of TOML are accepted; durations and `unlimited` are strings."""
    file = written(
        tmp_path,
        """
        [server]
        port = 9000
        trusted_proxies = ["10.0.0.0/8"]
        [limits]
        resend_cooldown = "0s"
        sends_per_user_hour = "unlimited"
        """,
    )

    settings = load({}, file=file).settings

    assert (9000, ("10.0.0.0/8",)) == (settings.server.port, settings.server.trusted_proxies)
    assert (timedelta(0), None) == (settings.connections.resend_cooldown, settings.connections.person_hourly)


def test_a_list_in_the_environment_is_separated_by_commas() -> None:
    """A variable contains a list as text with commas."""
    settings = load({"PLATFORM_API_CORS__ALLOWED_ORIGINS": "https://a.example, https://b.example"}).settings

    assert ("https://a.example", "https://b.example") == settings.origins.cors


def test_variables_of_container_platforms_are_ignored() -> None:
    """A variable without two underscores after the prefix is ignored."""
    assert {} == load({"PLATFORM_API_PORT": "tcp://10.0.0.1:8000", "PLATFORM_API_SERVICE_HOST": "10.0.0.1"}).origins


def test_all_errors_are_reported_at_once(tmp_path: Path) -> None:
    """Errors of the file, the environment and flags are reported together."""
    file = written(tmp_path, "[mail]\nsecurity = 'ssl'\n")

    told = problems({"PLATFORM_API_SERVER__PORT": "x"}, {"limits.request_life": "5"}, file)

    assert (
        f"mail.security: 'ssl' ({file}) is not one of none, starttls, tls.\n"
        "server.port: 'x' (environment PLATFORM_API_SERVER__PORT) is not a whole number from 0 to 65535.\n"
        "limits.request_life: '5' (flag) is not a duration such as 30s, 5m, 1h30m or 14d."
    ) == told


@pytest.mark.parametrize(
    ("key", "meant"),
    [("mail.securty", "mail.security"), ("port", "server.port"), ("limit.request_life", "limits.request_life")],
)
def test_an_unknown_key_is_reported_with_a_similar_one(key: str, meant: str) -> None:
    """An unknown key is reported with the most similar known key."""
    assert f"{key} (flag) is not a setting; did you mean {meant}?" == problems(flags={key: "1"})


def test_an_unknown_key_without_similar_ones() -> None:
    """A key without similar known keys is reported with the command that lists all keys."""
    assert "xyzzy (flag) is not a setting; `platform-api settings` lists them." == problems(flags={"xyzzy": "1"})


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[server]\nport = true", "server.port: True ({file}) is not a whole number from 0 to 65535."),
        ("[server]\nport = 70000", "server.port: 70000 ({file}) is not a whole number from 0 to 65535."),
        ("[server]\nhost = ''", "server.host: '' ({file}) is not a text that is not empty."),
        ("[database]\npath = 5", "database.path: 5 ({file}) is not a path."),
        (
            "[limits]\nresend_cooldown = 5",
            "limits.resend_cooldown: 5 ({file}) is not a duration such as 30s, 5m, 1h30m or 14d.",
        ),
        (
            "[limits]\npending_per_sender = 'all'",
            "limits.pending_per_sender: 'all' ({file}) is not a whole number from 0 up, or unlimited.",
        ),
        (
            "port = 5",
            "port ({file}) is outside of all sections; move it below the name of its section, such as [server].",
        ),
    ],
)
def test_an_invalid_value_is_reported_with_its_kind(tmp_path: Path, line: str, told: str) -> None:
    """An invalid value is reported with its source and the kind of valid values."""
    file = written(tmp_path, line)

    assert told.format(file=file) == problems(file=file)


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    """A named settings file that does not exist is an error."""
    file = tmp_path / "absent.toml"

    assert f"{file} does not exist; name an existing file, or omit the option." == problems(file=file)


def test_a_file_that_is_not_toml_is_reported(tmp_path: Path) -> None:
    """A file that cannot be parsed is reported with the place of the error."""
    file = written(tmp_path, "[server\n")

    assert f"{file} cannot be read: " in problems(file=file)
    assert "line 1" in problems(file=file)


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    """The file that `PLATFORM_API_CONFIG` names is read."""
    file = written(tmp_path, "[server]\nport = 9000\n")

    assert 9000 == load({"PLATFORM_API_CONFIG": str(file)}).settings.server.port


def test_a_secret_is_never_shown() -> None:
    """Neither the list of settings nor an error shows a secret value."""
    flags = {"mail.host": "mail.example", "mail.username": "app", "mail.password": "hunter2"}

    shown = list(describe(load({}, flags)))

    assert ("mail.password", "********", "flag") in shown
    assert "hunter2" not in repr(shown)


def test_an_invalid_secret_is_not_shown() -> None:
    """An error about a secret shows its source and not its value."""
    with TemporaryDirectory() as folder:
        file = written(Path(folder), "[mail]\npassword = 4711\n")
        told = problems(file=file)

    assert f"mail.password: the value ({file}) is not a text that is not empty." == told


def test_every_setting_is_described() -> None:
    """The description of each setting is a sentence."""
    assert [] == [key for key, setting in SETTINGS.items() if not setting.description.endswith(".")]


def test_settings_cannot_be_changed() -> None:
    """Loaded settings are immutable."""
    with pytest.raises(AttributeError):
        Settings().server.port = 1  # type: ignore[misc]


def test_the_public_url_follows_the_address_unless_it_is_set() -> None:
    """By default the public URL is that of the address to listen on."""
    server = Settings().server

    assert "http://127.0.0.1:8000" == server.url
    assert "http://[::1]:8000" == msgspec.structs.replace(server, host="::1").url
    assert "https://api.example" == msgspec.structs.replace(server, public_url="https://api.example").url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/",
        "https://api.example/a/",
        "https://bücher.example",
        "https://api.example/é",
        "https://api.example/a/../b",
        "https://api.example/.",
        "https://api.example/a//b",
        "https://api.example/a\\b",
        "https://api.example/a?b",
        "https://api.example/a#b",
        "https://user@api.example",
        "https://",
        "ftp://api.example",
    ],
)
def test_a_public_url_that_browsers_would_change_is_refused(url: str) -> None:
    """Links would not lead back, and the pages of the installation itself would count as foreign."""
    with pytest.raises(WrongSettings, match=r"server\.public_url: .* is not a URL"):
        load({}, {"server.public_url": url})


@pytest.mark.parametrize(
    "url",
    [
        "https://xn--bcher-kva.example",
        "http://my_app:8080/api.v1/%C3%A9~x",
        "https://[::1]:8443/...",
        "https://api.example/a/.b/..c",
    ],
)
def test_a_public_url_may_have_a_port_and_a_path(url: str) -> None:
    """Segments that only begin with dots are resolved by no client."""
    assert url == load({}, {"server.public_url": url}).settings.server.url


def test_the_documentation_lists_every_setting() -> None:
    """The table of docs/settings.md has a line for each setting, in the order of the code."""
    documented = Path(__file__).parents[5] / "docs" / "settings.md"
    rows = [line for line in documented.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    assert rows == [_row(setting) for setting in SETTINGS.values()]


def _row(setting: Setting) -> str:
    default = setting.shown(setting.default)
    return f"| `{setting.key}` | {default and f'`{default}`'} | {setting.description} |"


def test_a_list_of_durations_is_read_wherever_it_stands(tmp_path: Path) -> None:
    """A list of durations is text with commas in a flag, an array in a file, and shown as it was written."""
    file = tmp_path / "platform-api.toml"
    file.write_text('[limits]\naccount_letter_gaps = ["5m", "1h30m"]\n', encoding="utf-8")
    gaps = (timedelta(minutes=5), timedelta(minutes=90))
    for loaded in (load({}, {"limits.account_letter_gaps": "5m, 1h30m"}), load({}, {}, file)):
        assert gaps == loaded.settings.accounts.gaps
        assert "5m,1h30m" == {key: value for key, value, _ in describe(loaded)}["limits.account_letter_gaps"]
    with pytest.raises(WrongSettings, match="a list, each item a duration"):
        load({}, {"limits.account_letter_gaps": "5m,soon"})
