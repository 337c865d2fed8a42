"""Replies of mail servers, and the outcomes of letters."""

import pytest

from platform_api.mail.replies import Stage, is_positive, is_refusal, judge, lost
from platform_api.mail.values import Outcome, Result


@pytest.mark.parametrize(
    ("expected", "stage", "code", "text"),
    [
        (Outcome(Result.DEFERRED, "recipient 450 4.2.1"), Stage.RECIPIENT, 450, "4.2.1 mailbox busy"),
        (Outcome(Result.DEFERRED, "content 451"), Stage.CONTENT, 451, "try later"),
        (Outcome(Result.DEFERRED, "sender 421", interrupted=True), Stage.SENDER, 421, "closing"),
        (Outcome(Result.DEFERRED, "content 421 4.3.2", interrupted=True), Stage.CONTENT, 421, "4.3.2 closing"),
        (Outcome(Result.BOUNCED, "recipient 550 5.1.1", suppress=True), Stage.RECIPIENT, 550, "5.1.1 no such user"),
        (Outcome(Result.BOUNCED, "content 554 5.1.1", suppress=True), Stage.CONTENT, 554, "5.1.1 no such user"),
        (Outcome(Result.BOUNCED, "recipient 550"), Stage.RECIPIENT, 550, "no"),
        (Outcome(Result.BOUNCED, "recipient 552 5.2.2"), Stage.RECIPIENT, 552, "5.2.2 full"),
        (Outcome(Result.FAILED, "recipient 550 5.7.1"), Stage.RECIPIENT, 550, "5.7.1 relaying denied"),
        (Outcome(Result.FAILED, "sender 550 5.1.8"), Stage.SENDER, 550, "5.1.8 bad sender"),
        (Outcome(Result.FAILED, "data 554"), Stage.DATA, 554, "no valid recipients"),
        (Outcome(Result.FAILED, "content 550 5.7.1"), Stage.CONTENT, 550, "5.7.1 spam"),
        (Outcome(Result.DEFERRED, "sender 530 5.7.0"), Stage.SENDER, 530, "5.7.0 sign in first"),
        (Outcome(Result.DEFERRED, "data 250", interrupted=True), Stage.DATA, 250, "what?"),
        (Outcome(Result.UNKNOWN, "content -1"), Stage.CONTENT, -1, "no SMTP at all"),
    ],
)
def test_replies_are_judged_by_stage_and_code(expected: Outcome, stage: Stage, code: int, text: str) -> None:
    """4yz is tried again; 5yz is final, and about the address or the sender; an invalid reply to the content leaves a doubt."""
    assert expected == judge(stage, code, text)


@pytest.mark.parametrize(
    ("positive", "stage", "codes"),
    [
        (True, Stage.SENDER, (250, 251, 252, 299)),
        (True, Stage.RECIPIENT, (250, 251, 252)),
        (True, Stage.DATA, (354,)),
        (True, Stage.CONTENT, (250, 252)),
        (False, Stage.SENDER, (-1, 0, 25, 199, 354, 421, 450, 550, 600)),
        (False, Stage.RECIPIENT, (199, 354, 550)),
        (False, Stage.DATA, (250, 252, 450, 554)),
        (False, Stage.CONTENT, (-1, 354, 450, 554)),
    ],
)
def test_any_positive_reply_of_the_stage_is_success(positive: bool, stage: Stage, codes: tuple[int, ...]) -> None:
    """The first digit decides, as RFC 5321 has it."""
    assert {positive} == {is_positive(stage, code) for code in codes}


def test_only_refusals_leave_the_line_sound() -> None:
    """After any other reply, and after 421, the connection is not used again."""
    assert {400, 420, 422, 450, 500, 599} == {
        code for code in (-1, 25, 250, 354, 399, 400, 420, 421, 422, 450, 500, 599, 600) if is_refusal(code)
    }


@pytest.mark.parametrize("stage", [Stage.SENDER, Stage.RECIPIENT, Stage.DATA])
def test_a_line_that_broke_early_took_nothing(stage: Stage) -> None:
    """Before the content a lost line may be made anew at once; a silent server may not be pressed."""
    assert Outcome(Result.DEFERRED, f"{stage} lost", interrupted=True) == lost(stage, silent=False)
    assert Outcome(Result.DEFERRED, f"{stage} silence") == lost(stage, silent=True)


def test_a_line_that_broke_after_the_content_leaves_doubt() -> None:
    """The server may have accepted what it did not confirm."""
    assert Result.UNKNOWN is lost(Stage.CONTENT, silent=False).result
    assert Result.UNKNOWN is lost(Stage.CONTENT, silent=True).result


def test_reasons_never_repeat_what_the_server_said() -> None:
    """Servers write addresses into their replies; rows and logs must not contain them."""
    assert "first@example.com" not in (judge(Stage.RECIPIENT, 550, "5.1.1 <first@example.com> unknown").reason or "")
