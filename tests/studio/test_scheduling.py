"""Times of a release where the person is."""

from datetime import UTC, datetime

import pytest

from studio.scheduling import moment_words, zone_of

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("browser", "said"),
    [
        ("Europe/Berlin", "Sunday, 04 Jan 2026, 13:00 (Europe/Berlin)"),
        ("America/New_York", "Sunday, 04 Jan 2026, 07:00 (America/New York)"),
        (None, "Sunday, 04 Jan 2026, 12:00 (UTC)"),
        ("Nowhere/Land", "Sunday, 04 Jan 2026, 12:00 (UTC)"),
        ("../../etc/passwd", "Sunday, 04 Jan 2026, 12:00 (UTC)"),
    ],
)
def test_a_time_is_said_where_the_person_is(browser, said):
    assert moment_words(NOON, *zone_of(browser)) == said
