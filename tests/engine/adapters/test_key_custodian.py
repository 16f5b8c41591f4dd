"""The local key custodian."""

import pytest

from engine.adapters.embedded.key_custodian import LocalKeyCustodian
from tests.contracts.key_custodian import KeyCustodianContract


class TestLocalKeyCustodian(KeyCustodianContract):
    @pytest.fixture
    def custodian(self):
        return LocalKeyCustodian("one secret of this installation")

    @pytest.fixture
    def other(self):
        return LocalKeyCustodian("another secret of that installation")
