"""The time zones that a profile can have."""

import zoneinfo

import pytest

from platform_api.contacts.errors import WrongValue
from platform_api.contacts.time_zones import TIME_ZONE_IDS, TIME_ZONES, time_zone
from platform_api.foundation.well_known import well_known
from servicehost.contract.scalars import EMPTY_GUID, Guid


def test_an_id_never_changes() -> None:
    """Clients may contain an id as a constant."""
    assert "85731406-20bd-5f61-a896-7cc2223eb99c" == TIME_ZONE_IDS["Australia/Sydney"]


def test_every_name_is_a_zone() -> None:
    """Every name is in the IANA database of the machine, where there is one."""
    known = zoneinfo.available_timezones()
    assert [] == [name for name in TIME_ZONE_IDS if known and name not in known]


def test_ids_and_names_are_one_to_one() -> None:
    """No two zones share an id."""
    assert {name: id_ for id_, name in TIME_ZONES.items()} == TIME_ZONE_IDS


@pytest.mark.parametrize("absent", [None, EMPTY_GUID])
def test_no_zone_is_none(absent: Guid | None) -> None:
    """Some clients send the empty Guid for an unset value; it is not a time zone."""
    assert time_zone(absent) is None


def test_an_unknown_zone_is_refused() -> None:
    """The error names the member and the list that has the ids."""
    with pytest.raises(WrongValue, match="Time Zones"):
        time_zone(well_known("time zone", "Nowhere/Else"), "Timezone")
