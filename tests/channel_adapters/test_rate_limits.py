"""Limits with a clock of our own."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from channel_adapters.rate_limits import QUOTA_CODE, RateLimits, network
from engine.errors import RateLimited
from engine.settings import Settings


class Clock:
    def __init__(self):
        self.time = datetime(2026, 5, 4, 12, 0, 20, tzinfo=UTC)

    def now(self):
        return self.time


class Counted:
    def __init__(self, clock):
        self.clock, self.sums = clock, Counter()

    async def hit(self, key, *, window_seconds, cost=1):
        window = int(self.clock.now().timestamp()) // window_seconds
        self.sums[key, window_seconds, window] += cost
        return self.sums[key, window_seconds, window]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits(clock):
    settings = Settings(
        _env_file=None,
        visitor_messages_per_minute=3,
        visitor_messages_per_day=5,
        address_messages_per_minute=4,
        bot_messages_per_minute=6,
    )
    return RateLimits(Counted(clock), clock, settings)


async def admitted(limits, times, **who):
    for _ in range(times):
        await limits.admit(bot="bot", **who)


async def test_visitor_waits_for_the_next_minute(limits, clock):
    await admitted(limits, 3, visitor="a")
    with pytest.raises(RateLimited) as caught:
        await limits.admit(bot="bot", visitor="a")
    assert caught.value.retry_after == 40
    await limits.admit(bot="bot", visitor="b")
    clock.time += timedelta(seconds=caught.value.retry_after)
    await limits.admit(bot="bot", visitor="a")


async def test_a_days_quota_is_named_as_one(limits, clock):
    for _ in range(5):
        await limits.admit(bot="bot", visitor="a")
        clock.time += timedelta(minutes=1)
    with pytest.raises(RateLimited) as caught:
        await limits.admit(bot="bot", visitor="a")
    assert caught.value.code == QUOTA_CODE
    assert caught.value.retry_after > 3600


async def test_one_address_is_limited_over_all_its_visitors(limits):
    await admitted(limits, 4, address="2001:db8:1:2::1")
    with pytest.raises(RateLimited):
        await limits.admit(bot="bot", address="2001:db8:1:2:ffff::9")
    await limits.admit(bot="bot", address="2001:db8:1:3::1")


async def test_a_bot_is_limited_over_all(limits):
    await admitted(limits, 6)
    with pytest.raises(RateLimited) as caught:
        await limits.admit(bot="bot")
    assert caught.value.code == "rate_limited"
    await limits.admit(bot="other")


async def test_what_a_visitor_may_not_send_does_not_use_up_the_bots_minute(limits):
    await admitted(limits, 3, visitor="a")
    for _ in range(10):
        with pytest.raises(RateLimited):
            await limits.admit(bot="bot", visitor="a")
    await limits.admit(bot="bot", visitor="b")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
    ],
)
def test_network(address, expected):
    assert network(address) == expected
