"""A file that was made of a whole shop, and a second installation to bring it to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from tests.conftest import RunningServer
from tests.engine.release.bundles import Packed, make_shop
from tests.plain_jobs import PlainJobs, engine_with_plain_jobs
from tests.sites.loopback import Site


@pytest.fixture(scope="session")
def packed(server: RunningServer, shop_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """A live shop and its file; tests leave both as they are."""
    owner = server.merchant()
    bot = make_shop(owner, shop_site)
    path = tmp_path_factory.mktemp("packed") / "shop.zip"
    path.write_bytes(owner.http.get(f"/v1/bots/{bot}/export").raise_for_status().content)
    return Packed(owner, bot, path)


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[tuple[Engine, PlainJobs]]:
    """A second installation with a data folder of its own."""
    engine, jobs = engine_with_plain_jobs(tmp_path / "elsewhere")
    yield engine, jobs
    await engine.close()
