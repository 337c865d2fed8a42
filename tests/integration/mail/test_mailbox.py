"""The built-in mailbox, which replaces a mail server."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.letters import RECIPIENT, an_outgoing
from tests.support.mail_queue import IMPATIENT, MailQueue, a_mail_queue

from platform_api import mail
from platform_api.lists.errors import WrongPage
from platform_api.lists.settings import PageLimits
from platform_api.mail.envelope import seal
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.messages import (
    GetMailboxMessage,
    GetMailboxMessageResponse,
    GetMailboxMessages,
    GetMailboxMessagesResponse,
)
from platform_api.mail.services import MailboxService
from platform_api.mail.settings import MailSettings
from platform_api.mail.upkeep import Upkeep, periodic_units
from platform_api.mail.values import LetterState, Result
from platform_api.schedule import Scheduler
from servicehost.contract.call import Call, ListAnswer
from servicehost.contract.errors import NotFound
from servicehost.contract.messages import RoleHolder
from servicehost.contract.scalars import Guid

CALL = Call(method="GET", path="/api/mailbox")


async def _list(
    box: MailQueue, message: GetMailboxMessages | None = None
) -> tuple[GetMailboxMessagesResponse, ListAnswer]:
    answer = await MailboxService(box.database, PageLimits()).messages(message or GetMailboxMessages(), CALL)
    assert isinstance(answer.message, GetMailboxMessagesResponse)
    return answer.message, answer


async def _read(box: MailQueue, message_id: Guid) -> GetMailboxMessageResponse:
    answer = await MailboxService(box.database, PageLimits()).message(GetMailboxMessage(message_id=message_id), CALL)
    assert isinstance(answer.message, GetMailboxMessageResponse)
    return answer.message


async def _fill(box: MailQueue, count: int, to: str = RECIPIENT) -> None:
    """Send that number of letters to the mailbox."""
    await box.enqueue(count, to=to)
    await box.worker(MailboxTransport(box.database), daily_letters=None).drain_once()


async def test_letters_are_kept_to_be_read(tmp_path: Path) -> None:
    """Without a mail server a letter counts as sent, and the operator finds it."""
    async with a_mail_queue(tmp_path) as box:
        (subject,) = await box.enqueue()
        await box.worker(MailboxTransport(box.database)).drain_once()
        (summary,) = (await _list(box))[0].messages
        whole = await _read(box, summary.message_id)

        assert LetterState.SENT is (await box.letter(subject)).state
        assert (RECIPIENT, "An invitation", summary) == (summary.to, summary.subject, whole.message)
        assert "You are invited." in (whole.text or "")
        assert "You are invited." in (whole.html or "")
        assert "no-reply@platform.example" == whole.sender


async def test_copies_are_folded(tmp_path: Path) -> None:
    """A mail that is sent again is there once, as mailboxes fold what has one Message-ID."""
    async with a_mail_queue(tmp_path) as box:
        way_out = MailboxTransport(box.database)

        assert {Result.SENT} == {(await way_out.send(seal(an_outgoing()))).result for _ in range(2)}
        assert 1 == (await _list(box))[0].total_messages


async def test_what_no_server_would_take_is_not_taken_here(tmp_path: Path) -> None:
    """An unsafe mail fails with the mailbox as it would with a mail server."""
    async with a_mail_queue(tmp_path, "first@example.com, second@example.com") as box:
        (subject,) = await box.enqueue()
        await box.worker(MailboxTransport(box.database)).drain_once()

        assert LetterState.FAILED is (await box.letter(subject)).state
        assert 0 == (await _list(box))[0].total_messages


async def test_rehearsals_leave_nothing(tmp_path: Path) -> None:
    """A withheld mail is not in the mailbox afterwards; what was delivered under its Message-ID before stays."""
    async with a_mail_queue(tmp_path) as box:
        way_out, envelope = MailboxTransport(box.database), seal(an_outgoing())
        await way_out.rehearse(envelope)
        empty = (await _list(box))[0].total_messages
        await way_out.send(envelope)
        await way_out.rehearse(envelope)

        assert (0, 1) == (empty, (await _list(box))[0].total_messages)


async def test_the_newest_comes_first(tmp_path: Path) -> None:
    """The mail that was waited for is on top."""
    async with a_mail_queue(tmp_path) as box:
        await _fill(box, 1, to="first@example.com")
        await _fill(box, 1, to="second@example.com")
        found, _ = await _list(box)

        assert ["first@example.com"] * 2 == [message.to for message in found.messages]
        assert found.messages[0].message_id > found.messages[1].message_id


async def test_pages_lead_through_the_whole_mailbox(tmp_path: Path) -> None:
    """The next pages have every mail once; the total stands in the body and beside it."""
    async with a_mail_queue(tmp_path) as box:
        await _fill(box, 5)
        first, answer = await _list(box, GetMailboxMessages(page_size=2))
        after = first.messages[-1].message_id
        second, _ = await _list(box, GetMailboxMessages(page_size=2, page_number=2))
        followed, _ = await _list(box, GetMailboxMessages(page_size=2, after=after))
        last, ending = await _list(box, GetMailboxMessages(page_size=2, page_number=3))

        assert (5, 5) == (first.total_messages, answer.total)
        assert GetMailboxMessages(page_size=2, after=after) == answer.next
        assert second.messages == followed.messages
        assert 5 == len({m.message_id for page in (first, second, last) for m in page.messages})
        assert ending.next is None


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        (["PageNumber"], GetMailboxMessages(page_number=-1)),
        (["PageSize"], GetMailboxMessages(page_size=501)),
        (["PageNumber", "PageSize"], GetMailboxMessages(page_number=-1, page_size=-1)),
    ],
)
async def test_pages_that_cannot_be_are_refused(
    tmp_path: Path, expected: list[str], message: GetMailboxMessages
) -> None:
    """Every error is reported."""
    async with a_mail_queue(tmp_path) as box:
        with pytest.raises(WrongPage) as refusal:
            await _list(box, message)

    assert expected == [field.field for field in refusal.value.fields]


async def test_a_mail_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """An unknown id is 404."""
    async with a_mail_queue(tmp_path) as box:
        with pytest.raises(NotFound):
            await _read(box, Guid("01900000-0000-7000-8000-000000000001"))


async def test_mails_are_not_cached(tmp_path: Path) -> None:
    """They contain links that are secrets."""
    async with a_mail_queue(tmp_path) as box:
        _, answer = await _list(box)

    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.no_database
@pytest.mark.parametrize("operation", [GetMailboxMessages, GetMailboxMessage])
def test_only_the_operator_reads_the_mailbox(operation: type[GetMailboxMessages | GetMailboxMessage]) -> None:
    """A reader of the log could answer every invitation."""
    assert RoleHolder("Operator") == operation.access
    assert not operation.changes_state


async def test_erased_people_are_not_in_the_mailbox(tmp_path: Path) -> None:
    """Erasure takes the mails of their addresses along."""
    async with a_mail_queue(tmp_path) as box:
        await _fill(box, 1)
        nobody = Guid("01900000-0000-7000-8000-000000000001")
        await box.database.write(lambda tx: mail.erase(tx, nobody, [RECIPIENT]))

        assert 0 == (await _list(box))[0].total_messages


async def test_old_mails_are_purged(tmp_path: Path) -> None:
    """Young ones stay."""
    async with a_mail_queue(tmp_path) as box:
        await _fill(box, 1)
        await box.database.write(Upkeep(MailSettings()).purge_mailbox)
        kept = (await _list(box))[0].total_messages
        await box.database.write(Upkeep(MailSettings(mailbox_life=timedelta(seconds=-1))).purge_mailbox)

        assert (1, 0) == (kept, (await _list(box))[0].total_messages)


async def test_the_schedule_runs_the_upkeep(tmp_path: Path) -> None:
    """Every periodic unit of mail is in its list."""
    async with a_mail_queue(tmp_path) as box:
        ran = await Scheduler(box.database, periodic_units(IMPATIENT)).run_due_once()

    assert ["recover abandoned letters", "forget recipients of letters", "purge the mailbox"] == ran
