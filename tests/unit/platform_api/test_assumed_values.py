"""Values that the platform assumes for absent members of a request."""

from tests.support.catalog import the_catalog
from tests.support.recorded import messages

from servicehost.contract.types import empty_value, is_value_type


def test_a_value_that_nobody_set_says_what_its_absence_says() -> None:
    """Typed clients send 0, false and the first name of an enumeration where there is no null."""
    published = [(name, member) for name, model in messages(the_catalog()).items() for member in model.published]
    values = [(name, member) for name, member in published if is_value_type(member.type)]
    assert [] == [(name, each.name) for name, each in values if each.absent() != empty_value(each.type)]
