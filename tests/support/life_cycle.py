"""Builders of requests and connections with valid values, of which a test overrides only the relevant ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SENDER = Guid("00000000-0000-4000-8000-00000000000a")
RECEIVER = Guid("00000000-0000-4000-8000-00000000000b")
EMPLOYER = Guid("00000000-0000-5000-8000-0000000000e1")
EMPLOYEE = Guid("00000000-0000-5000-8000-0000000000e2")


def a_request(**changes: Any) -> ConnectionRequest:
    """Return a pending request, sent an hour ago."""
    sent = NOW - timedelta(hours=1)
    request = ConnectionRequest(
        id=Guid("01900000-0000-7000-8000-000000000001"),
        connection_id=Guid("01900000-0000-7000-8000-000000000002"),
        sender_id=SENDER,
        sender_role_id=EMPLOYER,
        receiver_id=RECEIVER,
        receiver_role_id=EMPLOYEE,
        original_receiver_id=RECEIVER,
        shown_to=RECEIVER,
        address_key=None,
        recipient_key="receiver@example.com",
        sent_by=SENDER,
        status=RequestStatus.PENDING,
        version=1,
        token_version=1,
        created_at=sent,
        sent_at=sent,
        resent_count=0,
        mailed_again_at=None,
        mailed_again_count=0,
        expires_at=sent + timedelta(days=14),
        ignored_at=None,
        decided_at=None,
        decided_by=None,
        accepted_key=None,
        superseded=False,
        sender_type="RP",
        receiver_type="RP",
    )
    return replace(request, **changes)


def a_connection(**changes: Any) -> Connection:
    """Return an active connection, an hour old."""
    made = NOW - timedelta(hours=1)
    connection = Connection(
        id=Guid("01900000-0000-7000-8000-000000000002"),
        request_id=Guid("01900000-0000-7000-8000-000000000001"),
        sender_id=SENDER,
        sender_role_id=EMPLOYER,
        receiver_id=RECEIVER,
        receiver_role_id=EMPLOYEE,
        original_receiver_id=RECEIVER,
        status=ConnectionStatus.ACTIVE,
        version=2,
        created_at=made,
        active_at=made,
        ended_at=None,
        ended_by=None,
    )
    return replace(connection, **changes)
