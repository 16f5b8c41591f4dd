"""The one secret of an installation, from which all others are derived.

Never here: what it protects.
"""

from __future__ import annotations

import os
import secrets

from engine.errors import InvalidInput
from engine.settings import Settings

__all__ = ["installation_secret"]

SHORTEST_SECRET = 32


def installation_secret(settings: Settings) -> str:
    """The configured secret, or one made at the first start and kept in the data folder. Raises InvalidInput."""
    configured = settings.secret_key.get_secret_value()
    if configured:
        if len(configured.encode()) < SHORTEST_SECRET:
            raise InvalidInput(f"STORECLERK_SECRET_KEY needs at least {SHORTEST_SECRET} bytes.")
        return configured
    path = settings.data_dir / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
