"""`make run`: starts the server and the studio together, says what it waits for, and prints one address to open.

Never here: what the two do. A process that ends by itself is never restarted silently: all stops, with the reason.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx

from engine.settings import Settings

__all__ = ["Child", "ChildSpec", "Supervisor", "main", "specs", "taken_port"]

ROOT = Path(__file__).resolve().parents[2]
KEPT_LINES = 25
STOP_SECONDS = 8.0
"""Between asking a process to end and ending it; together with the rest below ten seconds."""
READY_SECONDS = 180.0
"""The first start loads the language models from disk."""
POLL_SECONDS = 0.25
KEPT_FILE = re.compile(r"""\bfile(?:=|": ")(?P<quote>['"]?)(?P<file>.+?\.json)""")
"""In a line of the log, in either of its formats."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A process to run, and the address that answers when it is ready."""

    name: str
    command: Sequence[str]
    ready_url: str


@dataclass(slots=True)
class Child:
    """A running process with its last lines."""

    spec: ChildSpec
    process: subprocess.Popen[str]
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    reader: threading.Thread | None = None

    def follow(self, log: Path, say: Callable[[str], None]) -> None:
        """Keep what the process writes: all of it in a file, the last lines here; a mail that was kept is said."""
        log.parent.mkdir(parents=True, exist_ok=True)

        def read() -> None:
            assert self.process.stdout is not None
            with log.open("a", encoding="utf-8") as file, self.process.stdout as output:
                for line in output:
                    self.lines.append(line.rstrip())
                    file.write(line)
                    file.flush()
                    if "mail.kept" in line and (kept := KEPT_FILE.search(line)):
                        say(f"No mail server is set up, so a mail was not sent. It lies in {kept['file']}")

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()


def specs(settings: Settings) -> tuple[ChildSpec, ...]:
    """The two processes: the server first, for the studio is of no use without it."""
    host = settings.browsable_host
    return (
        ChildSpec(
            "server",
            (sys.executable, "-m", "studio.entrypoints.server"),
            f"http://{host}:{settings.port}/readyz",
        ),
        ChildSpec(
            "studio",
            (sys.executable, "-m", "studio.entrypoints.studio"),
            f"http://{host}:{settings.studio_port}/_stcore/health",
        ),
    )


def taken_port(settings: Settings) -> str | None:
    """Which port cannot be used, with the setting to change; None when both are free."""
    if settings.port == settings.studio_port:
        return (
            f"The server and the studio cannot share port {settings.port}. "
            "Set STORECLERK_PORT or STORECLERK_STUDIO_PORT to another number."
        )
    for port, name, variable in (
        (settings.port, "server", "STORECLERK_PORT"),
        (settings.studio_port, "studio", "STORECLERK_STUDIO_PORT"),
    ):
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                return (
                    f"Port {port} for the {name} cannot be used ({error.strerror}). "
                    f"Stop the program that uses it, or set {variable} to another number, such as {port + 10}."
                )
    return None


class Supervisor:
    """Runs processes until one ends or someone asks to stop."""

    def __init__(self, say: Callable[[str], None], logs: Path, environment: Mapping[str, str]) -> None:
        self.say = say
        self.logs = logs
        self.environment = dict(environment)
        self.children: list[Child] = []
        self.stopping = threading.Event()

    def start(self, spec: ChildSpec) -> Child:
        """Start a process in a group of its own, so that a Ctrl-C reaches us first and all of it can be ended."""
        process = subprocess.Popen(  # noqa: S603 - our own modules
            list(spec.command),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        child = Child(spec, process)
        child.follow(self.logs / f"{spec.name}.log", self.say)
        self.children.append(child)
        return child

    def wait_until_ready(self, child: Child, seconds: float = READY_SECONDS) -> bool:
        """Whether the process answers in time. Says what it waits for; False when it ends or a stop was asked."""
        self.say(f"Waiting for the {child.spec.name} …")
        end, said = time.monotonic() + seconds, ""
        while time.monotonic() < end and not self.stopping.is_set():
            if self.dead():
                return False
            ready, reason = look(child.spec.ready_url)
            if ready:
                return True
            if reason and reason != said:
                said = reason
                self.say(f"  {reason}")
            self.stopping.wait(POLL_SECONDS)
        if not self.stopping.is_set():
            self.say(f"The {child.spec.name} did not become ready within {seconds:.0f} seconds.")
            self.show_lines(child)
        return False

    def dead(self) -> Child | None:
        """The first process that ended by itself."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def watch(self) -> Child | None:
        """Wait until a process ends, which is returned, or until a stop is asked, which gives None."""
        while not self.stopping.is_set():
            if child := self.dead():
                return child
            self.stopping.wait(POLL_SECONDS)
        return None

    def report(self, child: Child) -> None:
        """Say which process ended, how, and with which last words."""
        code = child.process.returncode
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        self.say(f"The {child.spec.name} {how}. Everything is stopped.")
        self.show_lines(child)

    def show_lines(self, child: Child) -> None:
        """The last lines of a process, and where the rest is."""
        if child.reader is not None:
            child.reader.join(1.0)
        for line in child.lines:
            self.say(f"  {child.spec.name} | {line}")
        self.say(f"  All of its lines: {self.logs / f'{child.spec.name}.log'}")

    def stop(self) -> None:
        """End every process and all it started: politely first, then not."""
        self.stopping.set()
        running = [child for child in reversed(self.children) if child.process.poll() is None]
        for child in running:
            signal_group(child, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"The {child.spec.name} did not end in time and is ended by force.")
        for child in self.children:
            signal_group(child, signal.SIGKILL)  # whatever a process left behind in its group
            child.process.wait()
            if child.reader is not None:
                child.reader.join(1.0)


def signal_group(child: Child, number: signal.Signals) -> None:
    """Send a signal to a process and all it started."""
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return  # all gone


def look(url: str) -> tuple[bool, str]:
    """Whether an address answers well, and what it says it waits for."""
    try:
        answer = httpx.get(url, timeout=2.0, trust_env=False)
    except httpx.HTTPError:
        return False, ""
    if answer.is_success:
        return True, ""
    try:
        body = answer.json()
    except ValueError:
        return False, ""
    waits = body.get("waiting_for") or body.get("detail") or "" if isinstance(body, dict) else ""
    return False, ", ".join(map(str, waits)) if isinstance(waits, list) else str(waits)


def main() -> int:
    """Run until stopped. Returns the exit code: 0 after a wished stop, 1 when something ended by itself."""
    os.chdir(ROOT)
    settings = Settings()
    if problem := taken_port(settings):
        say(problem)
        return 1
    environment = os.environ | {
        "PYTHONUNBUFFERED": "1",
        "STORECLERK_DATA_DIR": str(settings.data_dir.resolve()),
    }
    supervisor = Supervisor(say, settings.data_dir.resolve() / "logs", environment)

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    try:
        return run(supervisor, specs(settings), settings.studio_address)
    finally:
        supervisor.stop()
        say("Stopped.")


def run(supervisor: Supervisor, wanted: Sequence[ChildSpec], address: str) -> int:
    """Start all, wait for all, then watch. Returns the exit code."""
    children = [supervisor.start(spec) for spec in wanted]
    for child in children:
        if not supervisor.wait_until_ready(child):
            if dead := supervisor.dead():
                supervisor.report(dead)
            return 0 if supervisor.stopping.is_set() and dead is None else 1
    supervisor.say(f"\nStoreclerk is ready. Open {address}\nCtrl-C stops it.")
    if dead := supervisor.watch():
        supervisor.report(dead)
        return 1
    supervisor.say("Stopping …")
    return 0


def say(text: str) -> None:
    """Write a line for the person who started us."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
