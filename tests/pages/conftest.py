"""The same joined studio as in `tests/studio`."""

from tests.studio.conftest import app, bot, contract_server, cookie, engine, packages_read_once, png, signed_in

__all__ = ["app", "bot", "contract_server", "cookie", "engine", "packages_read_once", "png", "signed_in"]
