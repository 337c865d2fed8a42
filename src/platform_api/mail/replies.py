"""From the replies of a mail server to the outcome of a letter. Pure."""

import enum
import re

from platform_api.mail.values import Outcome, Result

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10"})
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
_CLOSING = 421


class Stage(enum.StrEnum):
    """The step of the dialogue to which a reply came, or did not come."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    CONTENT = "content"


SENT = Outcome(Result.SENT)


def is_positive(stage: Stage, code: int) -> bool:
    """Whether a reply is positive: any 2yz (252 as well as 250), and 3yz to DATA."""
    return code // 100 == (3 if stage is Stage.DATA else 2)


def is_refusal(code: int) -> bool:
    """Whether a reply refuses a mail and leaves the connection sound; with 421 the server closes it."""
    return 400 <= code < 600 and code != _CLOSING


def judge(stage: Stage, code: int, text: str) -> Outcome:
    """The outcome after a reply that is not positive.

    4yz is tried again, 5yz is final; but 5yz that asks for a sign-in or for TLS is about the installation, not about the
    letter, and is tried again too. Only an address that does not exist is suppressed. Any other reply violates the
    protocol: before the content nothing was accepted, so the mail may be sent at once on a new connection.
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
    """The outcome without a reply: the connection broke, or the server was `silent`.

    After the content was sent the outcome is unknown, since the server may have accepted it; before, nothing was accepted.
    """
    reason = f"{stage} {'silence' if silent else 'lost'}"
    if stage is Stage.CONTENT:
        return Outcome(Result.UNKNOWN, reason)
    return Outcome(Result.DEFERRED, reason, interrupted=not silent)


def _refuses_recipient(stage: Stage, enhanced: str) -> bool:
    """Whether a 5yz is about the address; with a security or policy status (5.7.z) it is about the sender."""
    if enhanced:
        return enhanced.startswith(("5.1.", "5.2.")) and stage is not Stage.SENDER
    return stage is Stage.RECIPIENT


__all__ = ["SENT", "Stage", "is_positive", "is_refusal", "judge", "lost"]
