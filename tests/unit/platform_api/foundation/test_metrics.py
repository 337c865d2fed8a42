"""Tests of metrics as values."""

from platform_api.foundation.metrics import Buckets, Combination, Family, FamilyKind, Sample, counter, gauge, histogram


def test_a_bucket_includes_its_upper_bound() -> None:
    """A value equal to a bound belongs to the bucket of that bound; larger ones than the last have a bucket too."""
    buckets = Buckets((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 2.5):
        buckets.observe(value)
    assert ([2, 2, 1], 7.5) == (buckets.counts, buckets.total)


def test_buckets_are_added_one_by_one() -> None:
    """The sum of two histograms with the same bounds."""
    one, other = Buckets((1.0,)), Buckets((1.0,))
    one.observe(0.5)
    other.observe(0.25)
    other.observe(4.0)
    one.add(other)
    assert ([2, 1], 4.75) == (one.counts, one.total)


def test_a_counter_has_the_suffix_that_counters_have() -> None:
    """The name of the family stays without it."""
    family = counter("letters", "Letters.", ("state",), {("sent",): 3})
    samples = (Sample("_total", (("state", "sent"),), 3),)
    assert Family("letters", "Letters.", FamilyKind.COUNTER, samples) == family


def test_a_gauge_has_its_own_name() -> None:
    """It has one sample for each combination of label values."""
    family = gauge("queue", "Items.", ("a", "b"), {("1", "2"): 3, ("4", "5"): 6}, Combination.LARGEST)
    samples = (Sample("", (("a", "1"), ("b", "2")), 3), Sample("", (("a", "4"), ("b", "5")), 6))
    assert Family("queue", "Items.", FamilyKind.GAUGE, samples, Combination.LARGEST) == family


def test_a_histogram_has_cumulative_buckets() -> None:
    """Each bucket counts all smaller observations too; sum and count follow."""
    buckets = Buckets((0.5, 1.0))
    for value in (0.25, 0.75, 8.0):
        buckets.observe(value)
    label = ("operation", "Hello")
    samples = (
        Sample("_bucket", (label, ("le", "0.5")), 1),
        Sample("_bucket", (label, ("le", "1.0")), 2),
        Sample("_bucket", (label, ("le", "+Inf")), 3),
        Sample("_sum", (label,), 9.0),
        Sample("_count", (label,), 3),
    )
    expected = Family("seconds", "Times.", FamilyKind.HISTOGRAM, samples)
    assert expected == histogram("seconds", "Times.", ("operation",), {("Hello",): buckets})
