"""A page as a browser shows it: headless Chromium, run for one page behind our own proxy, and gone afterwards.

Never here: which pages need it. The operator names the program; without it no page is rendered.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching.fetcher import Fetcher
from engine.knowledge.fetching.proxy import CheckingProxy
from engine.knowledge.limits import PAGE_BYTES, RENDER_MEMORY_BYTES, RENDER_SECONDS

__all__ = ["Browser"]

SWITCHES = (
    "--headless", "--dump-dom", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--incognito",
    "--disable-extensions", "--disable-sync", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-breakpad", "--disable-dev-shm-usage", "--mute-audio", "--no-pings",
    "--blink-settings=imagesEnabled=false", "--renderer-process-limit=1", "--js-flags=--max-old-space-size=256",
    # Nothing passes by the proxy: no exception for loopback, no names resolved by itself, no QUIC, no WebRTC.
    "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--dns-prefetch-disable",
)  # fmt: skip
SETTLING_MILLISECONDS = 5_000
"""Of the page's own clock: timers and requests within it are waited for."""
NOBODY = 65534
LOOK_SECONDS = 0.2


class Browser:
    """Renders pages. Who asks for several at once runs as many browsers."""

    def __init__(self, program: str, fetcher: Fetcher, *, seconds: float = RENDER_SECONDS) -> None:
        self.program, self.fetcher, self.seconds = program, fetcher, seconds

    async def render(self, url: str) -> bytes:
        """The page at `url` as HTML after its scripts ran. Raises Unreadable `javascript_only` with what was wrong."""
        location = self.fetcher.check(url)
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="storeclerk-browser-")
        try:
            async with CheckingProxy(self.fetcher).running() as proxy:
                return await self.dump(location.url, Path(folder), proxy)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def dump(self, url: str, folder: Path, proxy: str) -> bytes:
        """Run the browser to its end, or to the end of its time or memory."""
        process = await self.start(url, folder, proxy)
        assert process.stdout is not None
        watching = asyncio.ensure_future(watch(process.pid))
        try:
            async with asyncio.timeout(self.seconds):
                content = await process.stdout.read(PAGE_BYTES)
                while len(content) < PAGE_BYTES and (piece := await process.stdout.read(PAGE_BYTES - len(content))):
                    content += piece
        except TimeoutError as error:
            raise Unreadable("javascript_only", "a browser did not get done with it in time") from error
        finally:
            watching.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if b"<" not in content:
            raise Unreadable("javascript_only", "a browser could not show it")
        return content

    async def start(self, url: str, folder: Path, proxy: str) -> Process:
        """The browser at work: with a profile of its own, an empty environment, and no more rights than needed."""
        nobody = NOBODY if os.geteuid() == 0 else None
        if nobody:
            await asyncio.to_thread(os.chown, folder, nobody, nobody)
        try:
            return await asyncio.create_subprocess_exec(
                self.program, *SWITCHES, f"--user-data-dir={folder}", f"--proxy-server=http://{proxy}",
                f"--virtual-time-budget={SETTLING_MILLISECONDS}", f"--user-agent={self.fetcher.user_agent}", url,
                stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True, cwd=folder,
                env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
                user=nobody, group=nobody, extra_groups=[] if nobody else None,
            )  # fmt: skip
        except OSError as error:
            raise Unreadable("javascript_only", "the browser could not be started") from error


async def watch(group: int) -> None:
    """End a group of processes that takes more memory than it may. Limits of addresses would break Chromium itself."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if await asyncio.to_thread(memory_of, group) > RENDER_MEMORY_BYTES:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            return


def memory_of(group: int) -> int:
    """Bytes of memory that a group of processes holds for itself; 0 where the system does not tell."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[2]) == group:  # after the name stand state, parent and group
                _, resident, shared, *_ = (folder / "statm").read_text("utf-8").split()
                pages += int(resident) - int(shared)
        except (OSError, ValueError, IndexError):
            continue  # it ended meanwhile
    return pages * os.sysconf("SC_PAGE_SIZE")
