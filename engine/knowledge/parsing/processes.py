"""Parsing processes as the engine uses them: asked from any event loop, killed when they overrun.

Never here: parsing. Pages share long-lived processes; every file gets one of its own, and a second, larger one when
it holds pictures of text.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import (
    FILE_MEMORY_BYTES,
    FILE_SECONDS,
    OCR_MEMORY_BYTES,
    OCR_SECONDS,
    PAGE_MEMORY_BYTES,
    PAGE_SECONDS,
)
from engine.knowledge.parsing.process import KEPT_VARIABLES, ROOT, ParsingProcess

__all__ = ["KEPT_VARIABLES", "ROOT", "ParsingProcesses"]

NEEDS_OCR = "needs_ocr"
Ask = Callable[[dict[str, Any], bytes], dict[str, Any]]


def result_of(reply: dict[str, Any]) -> dict[str, Any]:
    """The result within an answer. Raises Unreadable when it is a failure."""
    if "code" in reply:
        raise Unreadable(reply["code"], reply["detail"])
    result: dict[str, Any] = reply["result"]
    return result


class ParsingProcesses:
    """A few processes for pages, and a fresh one for every file. Close it when the engine stops."""

    def __init__(
        self,
        *,
        processes: int = 2,
        page_seconds: float = PAGE_SECONDS,
        file_seconds: float = FILE_SECONDS,
        file_memory: int = FILE_MEMORY_BYTES,
        ocr_seconds: float = OCR_SECONDS,
    ) -> None:
        self.page_seconds = page_seconds
        self.file_seconds = file_seconds
        self.file_memory = file_memory
        self.ocr_seconds = ocr_seconds
        self.closed = False
        self.busy: set[ParsingProcess] = set()
        self.resting: queue.LifoQueue[ParsingProcess] = queue.LifoQueue()
        self.threads = ThreadPoolExecutor(processes, thread_name_prefix="parsing")
        # One at a time: a scanned file takes minutes and much memory, and pages go on beside it.
        self.ocr_thread = ThreadPoolExecutor(1, thread_name_prefix="ocr")

    async def page(self, content: bytes, url: str, charset: str = "") -> dict[str, Any]:
        """A page as the fields of `ParsedPage`. Raises Unreadable."""
        return result_of(
            await self.run(self.threads, self.ask_page, {"job": "page", "url": url, "charset": charset}, content)
        )

    async def file(self, content: bytes, filename: str) -> dict[str, Any]:
        """A file as the fields of `ParsedFile`. Raises Unreadable."""
        job = {"job": "file", "filename": filename}
        reply = await self.run(self.threads, self.ask_file, job, content)
        if reply.get("code") == NEEDS_OCR:
            reply = await self.run(self.ocr_thread, self.ask_ocr, {**job, "ocr": True}, content)
        return result_of(reply)

    @staticmethod
    async def run(threads: ThreadPoolExecutor, ask: Ask, job: dict[str, Any], content: bytes) -> dict[str, Any]:
        """One job in a thread that waits for its process."""
        return await asyncio.get_running_loop().run_in_executor(threads, ask, job, content)

    def ask_page(self, job: dict[str, Any], content: bytes) -> dict[str, Any]:
        """Ask a process that is at rest, or a new one. A process that failed is not asked again."""
        process = self.rested() or ParsingProcess(PAGE_MEMORY_BYTES, 0)
        try:
            reply = process.ask(job, content, self.page_seconds)
        except Unreadable:
            process.stop()
            if process.process.returncode != 0:
                raise
            return self.ask_page(job, content)  # it had left after resting, at the moment it was asked
        self.resting.put(process)
        return reply

    def rested(self) -> ParsingProcess | None:
        """A process at rest that is still alive."""
        while True:
            try:
                process = self.resting.get_nowait()
            except queue.Empty:
                return None
            if process.process.poll() is None:
                return process
            process.stop()

    def ask_file(self, job: dict[str, Any], content: bytes) -> dict[str, Any]:
        """Ask a process made for this file alone, so that one shop's file never meets another's."""
        return self.ask_alone(job, content, self.file_memory, self.file_seconds)

    def ask_ocr(self, job: dict[str, Any], content: bytes) -> dict[str, Any]:
        """Ask a process that has the memory and the time for pictures of text."""
        return self.ask_alone(job, content, OCR_MEMORY_BYTES, self.ocr_seconds)

    def ask_alone(self, job: dict[str, Any], content: bytes, memory: int, seconds: float) -> dict[str, Any]:
        """Ask a process that ends with its answer. Raises CancelledError when the engine stops meanwhile."""
        process = ParsingProcess(memory, int(seconds) + 1)
        self.busy.add(process)
        try:
            return process.ask(job, content, seconds)
        except Unreadable as error:
            if self.closed:
                raise CancelledError from error  # the file is not to blame; its job goes on at the next start
            raise
        finally:
            self.busy.discard(process)
            process.stop()

    def close(self) -> None:
        """End every process, also those at work. The last call on this object."""
        self.closed = True
        for process in list(self.busy):
            process.process.kill()
        for threads in (self.threads, self.ocr_thread):
            threads.shutdown(wait=True, cancel_futures=True)
        while not self.resting.empty():
            self.resting.get_nowait().stop()
