"""What a shopper wants of the catalogue, read from plain words into typed conditions; no model is called.

Never here: searching, and sentences for shoppers.
"""

from engine.answering.wishes.following import follows_on, merged, read_conversation
from engine.answering.wishes.lexicon import Lexicon
from engine.answering.wishes.reading import read_wish
from engine.answering.wishes.wish import Asked, Limits, Wish

__all__ = ["Asked", "Lexicon", "Limits", "Wish", "follows_on", "merged", "read_conversation", "read_wish"]
