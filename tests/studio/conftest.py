"""A studio joined to an engine that keeps to the contract."""

import io
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from engine.settings import Settings
from studio import session
from tests.studio import contract

SCRIPT = Path(__file__).resolve().parents[2] / "studio" / "script" / "journey.py"


@pytest.fixture(scope="session", autouse=True)
def packages_read_once():
    """AppTest reads the metadata of every installed package at each run; they do not change while tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def contract_server():
    engine = contract.Engine()
    with contract.serving(contract.make_app(engine)) as port:
        yield engine, port


@pytest.fixture
def engine(contract_server, monkeypatch):
    """A fresh engine; the studio's settings point at it."""
    engine, port = contract_server
    engine.__init__()
    settings = Settings(port=port, _env_file=None)
    monkeypatch.setattr(session, "settings", lambda: settings)
    return engine


@pytest.fixture
def cookie(monkeypatch):
    """The session cookie the browser sends: a list whose last entry counts."""
    kept = [""]
    monkeypatch.setattr(session, "session_cookie", lambda: kept[-1])
    return kept


@pytest.fixture
def signed_in(engine, cookie):
    api = session.anonymous_api()
    token = api.sign_up("owner@shop.example", "correct horse", "Harbour & Sons").access_token
    api.token = lambda: token
    cookie.append(api.start_session().session_token)
    return api


@pytest.fixture
def bot(engine, signed_in):
    """A bot with a trained version and nothing else done."""
    made = signed_in.create_demo()
    contract.trained(engine, made.id)
    return made


@pytest.fixture
def app(engine):
    """Opens a page of the studio as a visitor would."""

    def open_page(slug="home", **state):
        at = AppTest.from_file(str(SCRIPT), default_timeout=30)
        for name, value in state.items():
            at.session_state[name] = value
        if slug != "home":
            at.switch_page(f"../../pages/{slug}.py")
        return at.run()

    return open_page


@pytest.fixture
def png():
    """A small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "#c2185b").save(out, "PNG")
    return out.getvalue()
