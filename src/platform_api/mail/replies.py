"""What the replies of a mail server mean for a letter. Pure."""

import enum
import re

from platform_api.mail.values import Outcome, Result

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10"})
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
_CLOSING = 421


class Stage(enum.StrEnum):
    """How far the dialogue about one mail had come when a reply came, or did not."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    CONTENT = "content"


SENT = Outcome(Result.SENT)


def is_hoped(stage: Stage, code: int) -> bool:
    """Whether a reply lets the dialogue go on: any 2yz (252 as well as 250), but 3yz to DATA."""
    return code // 100 == (3 if stage is Stage.DATA else 2)


def is_refusal(code: int) -> bool:
    """Whether a reply refuses a mail and leaves the line sound; 421 announces that the server hangs up."""
    return 400 <= code < 600 and code != _CLOSING


def judge(stage: Stage, code: int, text: str) -> Outcome:
    """What a reply other than the hoped-for one means.

    4yz is tried again, 5yz is final; but 5yz that asks for a sign-in or for TLS speaks of the installation, not of the
    letter, and is tried again too. Only a mailbox that does not exist is suppressed. Any other reply breaks the
    protocol: nothing was taken before the content, so a fresh line may take the mail at once.
    """
    enhanced = found[1] if (found := _ENHANCED.match(text)) else ""
    reason = f"{stage} {code} {enhanced}".rstrip()
    if code == _CLOSING:
        return Outcome(Result.DEFERRED, reason, interrupted=True)
    if 400 <= code < 500 or code in _SIGN_IN_CODES:
        return Outcome(Result.DEFERRED, reason)
    if 500 <= code < 600:
        if _refuses_recipient(stage, enhanced):
            return Outcome(Result.BOUNCED, reason, suppress=enhanced in _NO_SUCH_MAILBOX)
        return Outcome(Result.FAILED, reason)
    if stage is Stage.CONTENT:
        return Outcome(Result.UNKNOWN, reason)
    return Outcome(Result.DEFERRED, reason, interrupted=True)


def lost(stage: Stage, *, silent: bool) -> Outcome:
    """What it means that no reply came: the line broke, or the server fell `silent`.

    Once the content has gone out the server may have taken it, so nobody knows; before that nothing was taken.
    """
    reason = f"{stage} {'silence' if silent else 'lost'}"
    if stage is Stage.CONTENT:
        return Outcome(Result.UNKNOWN, reason)
    return Outcome(Result.DEFERRED, reason, interrupted=not silent)


def _refuses_recipient(stage: Stage, enhanced: str) -> bool:
    """Whether a 5yz is about the address; with a security or policy status (5.7.z) it is about us."""
    if enhanced:
        return enhanced.startswith(("5.1.", "5.2.")) and stage is not Stage.SENDER
    return stage is Stage.RECIPIENT


__all__ = ["SENT", "Stage", "judge", "lost"]
