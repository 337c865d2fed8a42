"""The SQL of requests, connections, blocks and their counters, one file for each topic."""

from platform_api.connections.store.addresses import (
    add_address_to_show,
    end_address_to_show,
    next_address_to_show,
)
from platform_api.connections.store.blocks import (
    add_block,
    end_block,
    end_blocks_of,
    is_blocked,
)
from platform_api.connections.store.connections import (
    add_connection,
    connections_of,
    get_connection,
    live_connection,
    replace_connection,
)
from platform_api.connections.store.requests import (
    add_request,
    contact_types,
    get_request,
    has_open_request,
    open_requests_of,
    overdue_requests,
    pending_request,
    pending_requests_between,
    pending_requests_of,
    pending_requests_to_address,
    purgeable_invitations,
    replace_mailed_again,
    replace_request,
    replace_resent,
    requests_to,
    resendable_requests,
    unshown_requests,
    virtual_contacts_accepted_for,
)
from platform_api.connections.store.totals import (
    add_totals,
    total_of_all_types,
)

__all__ = [
    "add_address_to_show",
    "add_block",
    "add_connection",
    "add_request",
    "add_totals",
    "connections_of",
    "contact_types",
    "end_address_to_show",
    "end_block",
    "end_blocks_of",
    "get_connection",
    "get_request",
    "has_open_request",
    "is_blocked",
    "live_connection",
    "next_address_to_show",
    "open_requests_of",
    "overdue_requests",
    "pending_request",
    "pending_requests_between",
    "pending_requests_of",
    "pending_requests_to_address",
    "purgeable_invitations",
    "replace_connection",
    "replace_mailed_again",
    "replace_request",
    "replace_resent",
    "requests_to",
    "resendable_requests",
    "total_of_all_types",
    "unshown_requests",
    "virtual_contacts_accepted_for",
]
