"""Posting notices in the caller's transaction, and whether they are mailed too."""

from platform_api.database.transaction import Transaction
from platform_api.notices import rules, store
from platform_api.notices.values import Notice, NoticeKind
from servicehost.contract.scalars import Guid


async def post(tx: Transaction, notice: Notice, *, withheld: bool = False) -> Guid:
    """Post a notice to its contact, and return the id of the notice that its feed shows.

    An unread notice of the same kind about the same actor, at most a day old, is updated instead of adding another, so
    that repeated acts produce one notice. A withheld notice runs the same statements but appears in no feed.
    """
    earlier = await store.find_unread(tx, notice, tx.now - rules.COALESCED, withheld=withheld)
    if earlier is None:
        await store.add_notice(tx, notice, withheld=withheld)
        return notice.id
    await store.replace_subject(tx, earlier, notice.subject_id)
    return earlier


async def wants_mail(tx: Transaction, contact_id: Guid, kind: NoticeKind) -> bool:
    """Whether notices of this kind are mailed to the contact too."""
    return rules.is_mailed(kind, await store.get_preference(tx, contact_id, kind))


__all__ = ["post", "wants_mail"]
