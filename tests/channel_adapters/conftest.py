"""One live shop and one that is not, on a second server with real limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.channel_adapters.shops import FACTS, NO_REUSE, SHOP_ORIGIN, Shop, replica
from tests.conftest import RunningServer
from tests.sites.loopback import Site


@pytest.fixture(scope="session")
def channel_server(server: RunningServer) -> Iterator[Any]:
    """The application that shoppers meet; `state.base` is its address."""
    with replica(server) as app:
        yield app


@pytest.fixture(scope="session")
def shop(channel_server: Any, shop_site: Site) -> Iterator[Shop]:
    """A shop whose bot is live."""
    with httpx.Client(base_url=channel_server.state.base, timeout=60, limits=NO_REUSE) as http:
        made = Shop(http, channel_server.state.base)
        made.make("Fernleaf", FACTS, shop_site)
        made.prove_and_deploy(FACTS)
        made.secret = made.key("secret")
        made.publishable = made.key("publishable", [SHOP_ORIGIN, "https://*.shop.example", made.base])
        yield made


@pytest.fixture(scope="session")
def other_shop(channel_server: Any, shop_site: Site) -> Iterator[Shop]:
    """Another shop, whose bot is not live."""
    with httpx.Client(base_url=channel_server.state.base, timeout=60, limits=NO_REUSE) as http:
        made = Shop(http, channel_server.state.base)
        made.make("Rival", FACTS[:3], shop_site)
        made.secret = made.key("secret")
        made.publishable = made.key("publishable", [SHOP_ORIGIN])
        yield made
