"""What a person at the command line is told instead of a traceback."""

from typing import ClassVar


class Refusal(Exception):
    """A command cannot be carried out; the text says why and what to do next.

    Class attributes:
        exit_code: what the program ends with: 2 when the command or the settings are wrong, 1 for everything else.
    """

    exit_code: ClassVar[int] = 1


class WrongUsage(Refusal):
    """The command itself is wrong."""

    exit_code = 2


__all__ = ["Refusal", "WrongUsage"]
