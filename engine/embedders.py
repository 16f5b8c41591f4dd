"""The embedders of this installation: which one reads a bot's passages, and which one read a version's."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.bot import Languages
from engine.errors import Unavailable
from engine.ports import Embedder

__all__ = ["Embedders"]


class Embedders:
    """Chooses by what a bot's shoppers speak, and finds again by name.

    A version is searched with the embedder it was made with, whatever is configured since: vectors of two embedders
    say nothing of each other.
    """

    def __init__(self, english: Embedder, many: Embedder, earlier: Sequence[Embedder] = ()) -> None:
        self.chosen: dict[Languages, Embedder] = {"english": english, "many": many}
        self.known = {embedder.name: embedder for embedder in (*earlier, many, english)}

    def choose(self, languages: Languages) -> Embedder:
        """The embedder of a new version."""
        return self.chosen[languages]

    def named(self, name: str) -> Embedder:
        """The embedder of a version that was made before. Raises Unavailable when it is not connected any more."""
        if name not in self.known:
            raise Unavailable(f"the embedder {name!r} is not connected any more; train the bot again or connect it")
        return self.known[name]
