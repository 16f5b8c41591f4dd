"""`python -m engine.settings_example`: every setting with its default, as `.env.example` holds it."""

from __future__ import annotations

import json
import sys
import textwrap

from pydantic import SecretStr

from engine.settings import Settings

__all__ = ["example"]


def example() -> str:
    """The text of `.env.example`."""
    lines = ["# Settings of Storeclerk. Copy to .env and change what you need; made by `make env-example`.", ""]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        if isinstance(default, tuple):
            default = ",".join(default)
        if isinstance(default, dict):
            default = json.dumps(default)
        if isinstance(default, bool):
            default = str(default).lower()
        lines += textwrap.wrap(field.description or "", 110, initial_indent="# ", subsequent_indent="# ")
        lines += [f"#STORECLERK_{name.upper()}={default}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(example())
