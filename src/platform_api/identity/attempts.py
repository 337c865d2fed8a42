"""Attempts to sign in: counted before the password is looked at, settled when it was right."""

from platform_api.database.transaction import Transaction
from platform_api.identity import store, throttle
from platform_api.identity.addresses import InvalidAddress, parse_address
from platform_api.identity.throttle import ANY, Failures, Lockout, Policy, network_of, subject_of


def typed_key(user_name: str) -> str:
    """What a typed user name is counted and looked up under; the key of an address, if it is one."""
    try:
        return parse_address(user_name).key
    except InvalidAddress:
        return user_name.strip()


async def count(tx: Transaction, lockout: Lockout, address_key: str, client: str) -> None:
    """Count an attempt as failed.

    Raises:
        TooManyFailures: it comes too soon after failures of this client, or of this address.
    """
    pair = await _counter(tx, subject_of(address_key), network_of(client))
    counters: list[tuple[Failures, Policy]] = [(pair, lockout.of_client_and_address)]
    if not pair.is_acquainted(lockout, tx.now):
        counters += [
            (await _counter(tx, pair.subject, ANY), lockout.of_address),
            (await _counter(tx, ANY, pair.client), lockout.of_client),
        ]
    for counter, policy in counters:
        await _keep(tx, throttle.counted(counter, policy, tx.now))


async def settle(tx: Transaction, lockout: Lockout, address_key: str, client: str) -> None:
    """Count the attempt as none after all: the password was right, or the mailbox was proved."""
    pair = await _counter(tx, subject_of(address_key), network_of(client))
    if not pair.is_acquainted(lockout, tx.now):
        await _take_back(tx, await _counter(tx, pair.subject, ANY))
        await _take_back(tx, await _counter(tx, ANY, pair.client))
    await _keep(tx, throttle.signed_in(pair, tx.now))


async def _take_back(tx: Transaction, counter: Failures) -> None:
    if counter.failures:
        await _keep(tx, throttle.taken_back(counter))


async def _counter(tx: Transaction, subject: str, client: str) -> Failures:
    return await tx.one(store.FAILURES, subject=subject, client=client) or Failures(subject, client, 0, tx.now)


async def _keep(tx: Transaction, counter: Failures) -> None:
    await tx.execute(
        store.PUT_FAILURES,
        subject=counter.subject,
        client=counter.client,
        failures=counter.failures,
        failed_at=counter.failed_at,
        succeeded_at=counter.succeeded_at,
    )


__all__ = ["count", "settle", "typed_key"]
