"""What the capabilities below do with notices, each in their own transaction."""

from platform_api.database.transaction import Transaction
from platform_api.notices import rules, store
from platform_api.notices.values import Notice, NoticeKind, PostedNotice
from servicehost.contract.scalars import Guid


async def post(tx: Transaction, notice: Notice, *, withheld: bool = False) -> Guid:
    """Tell a contact something; it finds the notice in its feed. The id of the notice that tells it.

    An unread notice of the same kind about the same contact, not older than a day, is updated instead: however often
    something is done and undone, it is told once. A withheld notice takes the same steps and is in nobody's feed.
    """
    earlier = await store.unread(tx, notice, tx.now - rules.COALESCED, withheld=withheld)
    if earlier is None:
        await store.add(tx, notice, withheld=withheld)
        return notice.id
    await store.update_subject(tx, earlier, notice.subject_id)
    return earlier


async def get(tx: Transaction, notice_id: Guid) -> PostedNotice | None:
    """A notice, or None when it is gone."""
    return await store.notice(tx, notice_id)


async def latest(tx: Transaction, contact_id: Guid, limit: int) -> list[PostedNotice]:
    """What a contact was told, the latest first."""
    return await store.latest(tx, contact_id, limit)


async def wants_mail(tx: Transaction, contact_id: Guid, kind: NoticeKind) -> bool:
    """Whether notices of a kind also go to a contact by mail."""
    return rules.goes_by_mail(kind, await store.choice(tx, contact_id, kind))


async def prefer(tx: Transaction, contact_id: Guid, kind: NoticeKind, *, by_mail: bool) -> None:
    """Keep what a contact chose for a kind of notice."""
    await store.choose(tx, contact_id, kind, by_mail=by_mail)


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Give a contact's notices to the one that it is merged into; choices of that one win."""
    await store.move(tx, source, into)


async def erase(tx: Transaction, contact_id: Guid) -> None:
    """Forget what a contact was told and has chosen; what others were told of it no longer names it."""
    await store.delete_of(tx, contact_id)


__all__ = ["erase", "get", "latest", "merge", "post", "prefer", "wants_mail"]
