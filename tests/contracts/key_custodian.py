"""What every key custodian promises."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Unavailable
from engine.ports import KeyCustodian


class KeyCustodianContract:
    """Subclasses give a fixture `custodian`, and `other` with another key."""

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(secret=st.text(max_size=300), purpose=st.text(max_size=60))
    async def test_what_is_sealed_opens_again(self, custodian: KeyCustodian, secret: str, purpose: str):
        sealed = await custodian.seal(secret, purpose=purpose)
        assert await custodian.open(sealed, purpose=purpose) == secret

    async def test_it_is_never_the_same_twice_and_never_holds_the_secret(self, custodian: KeyCustodian):
        first, second = [await custodian.seal("xoxb-token", purpose="p") for _ in range(2)]
        assert first != second
        assert "xoxb" not in first

    async def test_it_opens_for_its_own_purpose_only(self, custodian: KeyCustodian):
        sealed = await custodian.seal("xoxb-token", purpose="merchant_a/link_a/token")
        with pytest.raises(Unavailable):
            await custodian.open(sealed, purpose="merchant_b/link_b/token")

    async def test_it_opens_with_its_own_key_only(self, custodian: KeyCustodian, other: KeyCustodian):
        with pytest.raises(Unavailable):
            await other.open(await custodian.seal("s", purpose="p"), purpose="p")

    @pytest.mark.parametrize("broken", ["", "v1.", "v1.AAAA", "nonsense", "v1." + "A" * 80, "v1.é"])
    async def test_what_was_never_sealed_does_not_open(self, custodian: KeyCustodian, broken: str):
        with pytest.raises(Unavailable):
            await custodian.open(broken, purpose="p")
