"""A shop's icon becomes the look of its assistant: a clean picture, then colours that can be read.

Never here: storage, HTTP or anything about a user interface. All of it is CPU work; call it in a thread.
"""

from engine.branding.contrast import contrast_ratio
from engine.branding.icon import CleanIcon, clean_icon
from engine.branding.theme import OVERRIDABLE, make_theme

__all__ = ["OVERRIDABLE", "CleanIcon", "clean_icon", "contrast_ratio", "make_theme"]
