"""`make run`: what it says, and that nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from engine.settings import Settings
from studio.entrypoints import run as run_module
from studio.entrypoints.run import ChildSpec, Supervisor, look, run, specs, taken_port
from tests.studio.contract import Engine, make_app, serving


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def web(port, before="", status=200, body="ok"):
    """A program that answers on a port after doing `before`."""
    return (sys.executable, "-c", textwrap.dedent(f"""
        import http.server, sys, time
        print("hello from the program", flush=True)
        {before}
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response({status}); self.end_headers(); self.wfile.write({body!r}.encode())
            def log_message(self, *a): pass
        http.server.HTTPServer(("127.0.0.1", {port}), Answer).serve_forever()
    """))  # fmt: skip


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said, tmp_path):
    made = Supervisor(said.append, tmp_path / "logs", os.environ)
    yield made
    made.stop()


def test_both_processes_are_named_with_their_addresses():
    server, studio = specs(Settings(port=8000, studio_port=8501, host="0.0.0.0", _env_file=None))
    assert (server.name, server.ready_url) == ("server", "http://127.0.0.1:8000/readyz")
    assert (studio.name, studio.ready_url) == ("studio", "http://127.0.0.1:8501/_stcore/health")


@pytest.mark.parametrize("taken", ["port", "studio_port"])
def test_a_taken_port_names_the_setting_to_change(taken):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ports = {"port": free_port(), "studio_port": free_port(), taken: holder.getsockname()[1]}
        problem = taken_port(Settings(_env_file=None, **ports))
    assert str(ports[taken]) in problem
    assert f"STORECLERK_{taken.upper()}" in problem


def test_one_port_for_both_is_refused():
    assert "cannot share" in taken_port(Settings(port=8123, studio_port=8123, _env_file=None))


def test_free_ports_are_no_problem():
    assert taken_port(Settings(port=free_port(), studio_port=free_port(), _env_file=None)) is None


def test_one_address_is_said_when_all_are_ready(supervisor, said):
    specs = [ChildSpec(name, web(port := free_port()), f"http://127.0.0.1:{port}/") for name in ("server", "studio")]
    supervisor.watch = lambda: None
    assert run(supervisor, specs, "http://127.0.0.1:8501") == 0
    assert said[:2] == ["Waiting for the server …", "Waiting for the studio …"]
    assert sum("http://" in line for line in said) == 1


def test_a_child_that_dies_at_its_start_is_named_with_its_last_words(supervisor, said):
    spec = ChildSpec("server", web(1, "sys.exit('no disk left')"), "http://127.0.0.1:1/")
    assert run(supervisor, [spec], "x") == 1
    text = "\n".join(said)
    assert "The server ended with exit code 1. Everything is stopped." in text
    assert "server | no disk left" in text
    assert "server.log" in text
    assert "no disk left" in (supervisor.logs / "server.log").read_text()


def test_a_child_that_dies_later_stops_everything(supervisor, said):
    port = free_port()
    spec = ChildSpec("studio", web(port), f"http://127.0.0.1:{port}/")
    supervisor.watch = lambda watch=supervisor.watch: (supervisor.children[0].process.kill(), watch())[1]
    assert run(supervisor, [spec], "x") == 1
    assert "was ended by signal 9" in "\n".join(said)


def test_what_a_process_waits_for_is_said_and_patience_ends(supervisor, said):
    port = free_port()
    body = '{"status": "starting", "waiting_for": ["the language model"]}'
    child = supervisor.start(ChildSpec("server", web(port, status=503, body=body), f"http://127.0.0.1:{port}/"))
    assert not supervisor.wait_until_ready(child, 2.5)
    assert "  the language model" in said
    assert any("did not become ready" in line for line in said)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_mail_that_was_kept_is_named_by_its_file_alone(supervisor, said, tmp_path, log_format):
    program = f"""if True:
        import asyncio
        from datetime import UTC, datetime
        from pathlib import Path
        from engine.adapters.embedded.blob_store import FolderBlobStore
        from engine.adapters.embedded.system import OutboxMailer, SystemIdentifiers
        from engine.logging import configure_logging
        from engine.ports import Mail
        from engine.settings import Settings
        configure_logging(Settings(log_format={log_format!r}, _env_file=None))
        folder = Path({str(tmp_path / "a folder")!r})
        mailer = OutboxMailer(FolderBlobStore(folder), SystemIdentifiers(), folder)
        asyncio.run(mailer.send("m1", Mail("a@b.example", "New", "Text", datetime.now(UTC), {{"link": "secret"}})))
    """
    child = supervisor.start(ChildSpec("server", (sys.executable, "-c", program), "http://127.0.0.1:1/"))
    child.process.wait(30)
    child.reader.join(5)
    (line,) = said
    path = Path(line.removeprefix("No mail server is set up, so a mail was not sent. It lies in "))
    assert "secret" in path.read_text()
    assert "secret" not in line + "".join(child.lines)


def test_a_stop_while_waiting_is_no_failure(supervisor):
    supervisor.stopping.set()
    assert run(supervisor, [ChildSpec("server", web(free_port()), "http://127.0.0.1:1/")], "x") == 0


def test_a_process_that_will_not_end_is_ended_with_all_it_started(supervisor, said, monkeypatch):
    monkeypatch.setattr(run_module, "STOP_SECONDS", 0.5)
    port = free_port()
    stubborn = (
        "import signal, subprocess; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('child', subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)"
    )
    child = supervisor.start(ChildSpec("server", web(port, stubborn), f"http://127.0.0.1:{port}/"))
    assert supervisor.wait_until_ready(child)
    grandchild = int(next(line for line in child.lines if line.startswith("child")).split()[1])
    supervisor.stop()
    assert "ended by force" in "\n".join(said)
    assert child.process.poll() == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(grandchild)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_only_a_good_answer_is_ready(supervisor):
    port = free_port()
    supervisor.start(ChildSpec("server", web(port, status=503, body="no json"), ""))
    deadline = time.monotonic() + 10
    while not listens(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert look(f"http://127.0.0.1:{port}/") == (False, "")
    with serving(make_app(Engine())) as port:
        assert look(f"http://127.0.0.1:{port}/healthz") == (False, "Not Found")
        assert look(f"http://127.0.0.1:{port}/readyz") == (True, "")
    assert look("http://127.0.0.1:1/") == (False, "")


def test_the_command_refuses_a_taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "studio.entrypoints.run"],
            env=os.environ | {"STORECLERK_PORT": str(port)},
            cwd=run_module.ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "STORECLERK_PORT" in done.stdout


@pytest.mark.timeout(120)
def test_ctrl_c_stops_the_real_thing_in_time_and_leaves_nothing(tmp_path):
    environment = os.environ | {
        "STORECLERK_PORT": str(free_port()),
        "STORECLERK_STUDIO_PORT": str(free_port()),
        "STORECLERK_DATA_DIR": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.entrypoints.run"],
        env=environment, cwd=run_module.ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    lines = []
    with process.stdout as output:
        for line in output:
            lines.append(line)
            if "Ctrl-C" in line:
                began = time.monotonic()
                process.send_signal(signal.SIGINT)
            if "Stopped" in line:
                break
    assert process.wait(15) == 0, lines
    assert time.monotonic() - began < 10
    assert not [path for path in Path("/proc").iterdir() if path.name.isdigit() and belongs(path.name, str(tmp_path))]


def belongs(pid, data_dir):
    try:
        return f"STORECLERK_DATA_DIR={data_dir}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False
