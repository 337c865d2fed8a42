"""Errors of commands, shown to the person at the command line without a traceback."""

from typing import ClassVar


class Refusal(Exception):
    """A command failed; the text says why and what to do next.

    Class attributes:
        exit_code: exit status of the program: 2 if the command or the settings are wrong, otherwise 1.
    """

    exit_code: ClassVar[int] = 1


class WrongUsage(Refusal):
    """The command or one of its arguments is wrong."""

    exit_code = 2


__all__ = ["Refusal", "WrongUsage"]
