"""Facts about the keys of an installation, for the manifests of its backups."""

from pathlib import Path

from platform_api.foundation.refusals import Refusal
from platform_api.installation import keys
from platform_api.installation.backups.manifest import KeyFacts, Manifest, check_value, missing_keys


class MissingKeys(Refusal):
    """The keys folder lacks keys that the backup was made with."""

    def __init__(self, folder: Path, missing: list[str]) -> None:
        super().__init__(
            f"{folder} lacks {', '.join(missing)} of the backed-up installation. Copy its keys folder to {folder} first,"
            " or name another by --set keys.path=FOLDER. If the keys are lost, add --without-keys: mailed links and"
            " sessions signed with them become invalid, and suppressed addresses receive mail again."
        )


class NoKeys(Refusal):
    """There are no keys to go with a backup."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} does not hold the keys of the installation. Name their folder by --set keys.path=FOLDER: without"
            " the keys, a backup cannot be used in full."
        )


def key_facts(folder: Path) -> KeyFacts:
    """Return the facts about the keys in a folder, none if there is no folder.

    Raises:
        UnusableKey: a key is damaged, or other users can read it.
    """
    if not folder.is_dir():
        return KeyFacts((), None)
    has_secret = (folder / keys.LASTING_SECRET).exists()
    has_keys = any(folder.glob("*.key"))
    return KeyFacts(
        tuple(sorted(key.id for key in keys.read(folder))) if has_keys else (),
        check_value(keys.lasting_secret(folder)) if has_secret else None,
    )


def required_key_facts(folder: Path) -> tuple[tuple[str, ...], str]:
    """Return the ids of the signing keys and the check value of the lasting secret.

    Raises:
        NoKeys: one of them is missing.
    """
    facts = key_facts(folder)
    if not facts.ids or facts.lasting_secret is None:
        raise NoKeys(folder)
    return facts.ids, facts.lasting_secret


def check_keys(folder: Path, manifest: Manifest) -> None:
    """Check that the keys of a backup are present.

    Raises:
        MissingKeys: some are not.
    """
    missing = list(missing_keys(manifest, key_facts(folder)))
    if missing:
        raise MissingKeys(folder, missing)


__all__ = ["MissingKeys", "NoKeys", "check_keys", "key_facts", "required_key_facts"]
