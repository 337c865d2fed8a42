"""Counting sign-in attempts: each is counted as failed before its password is verified, and corrected if it succeeds."""

from platform_api.database.transaction import Transaction
from platform_api.identity import pause_rules, store
from platform_api.identity.pause_rules import ANY, network_of, subject_of
from platform_api.identity.values import FailureCounter, PausePolicy, SignInPauses


async def count_attempt(tx: Transaction, pauses: SignInPauses, address_key: str, client: str) -> None:
    """Count an attempt as failed.

    Raises:
        TooManyFailures: it comes during a pause of this client or this address.
    """
    pair = await store.get_failures(tx, subject_of(address_key), network_of(client))
    counters: list[tuple[FailureCounter, PausePolicy]] = [(pair, pauses.of_client_and_address)]
    if not pair.is_known(pauses, tx.now):
        counters += [
            (await store.get_failures(tx, pair.subject, ANY), pauses.of_address),
            (await store.get_failures(tx, ANY, pair.client), pauses.of_client),
        ]
    for counter, policy in counters:
        await store.put_failures(tx, pause_rules.with_attempt(counter, policy, tx.now))


async def count_success(tx: Transaction, pauses: SignInPauses, address_key: str, client: str) -> None:
    """Reset the pause of a client whose password was right or who proved the mailbox; it is known from now on."""
    pair = await store.get_failures(tx, subject_of(address_key), network_of(client))
    if not pair.is_known(pauses, tx.now):
        await _take_back(tx, await store.get_failures(tx, pair.subject, ANY))
        await _take_back(tx, await store.get_failures(tx, ANY, pair.client))
    await store.put_failures(tx, pause_rules.with_success(pair, tx.now))


async def _take_back(tx: Transaction, counter: FailureCounter) -> None:
    if counter.failures:
        await store.put_failures(tx, pause_rules.without_attempt(counter))


__all__ = ["count_attempt", "count_success"]
