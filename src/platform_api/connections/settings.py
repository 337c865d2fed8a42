"""Settings of the life cycle of requests and connections."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from platform_api.foundation.settings import Limit, Section, about


class Terms(Section, frozen=True, kw_only=True):
    """The numbers of the life cycle.

    Attributes:
        young: age below which an active connection is not removed by a request that does not name the act.
    """

    request_life: Annotated[
        timedelta, about("limits.request_life", "Time after its last sending until a request expires.")
    ] = timedelta(days=14)
    undo_window: Annotated[
        timedelta, about("limits.decline_undo", "Time in which a declined request may still be accepted.")
    ] = timedelta(days=14)
    resend_cooldown: Annotated[
        timedelta, about("limits.resend_cooldown", "Time between two sendings of one request; `0s` for none.")
    ] = timedelta(minutes=5)
    resends: Annotated[Limit, about("limits.resends_per_request", "How often one request may be sent again.")] = 5
    pending: Annotated[
        Limit, about("limits.pending_per_sender", "Requests of one sender that may be pending at once.")
    ] = 200
    kept: Annotated[Limit, about("limits.kept_contacts_per_contact", "Virtual contacts that one contact may keep.")] = (
        10_000
    )
    person_hourly: Annotated[
        Limit, about("limits.sends_per_user_hour", "Requests that a user may send in an hour.")
    ] = 20
    person_daily: Annotated[Limit, about("limits.sends_per_user_day", "Requests that a user may send in a day.")] = 100
    organisation_daily: Annotated[
        Limit, about("limits.sends_per_organisation_day", "Requests that an organisation may send in a day.")
    ] = 200
    young: timedelta = timedelta(seconds=10)

    def contradictions(self) -> Iterator[str]:
        """A request must not expire before it is sent."""
        if not self.request_life:
            yield "limits.request_life is 0: requests would expire before they are sent; set a duration such as 14d."


__all__ = ["Terms"]
