"""How well one colour reads on another, by WCAG 2.2.

Never here: a choice of colours.
"""

from __future__ import annotations

import re

__all__ = ["PARTS_MINIMUM", "TEXT_MINIMUM", "contrast_ratio", "is_hex_colour", "luminance"]

TEXT_MINIMUM = 4.5
"""WCAG 2.2 success criterion 1.4.3, level AA."""
PARTS_MINIMUM = 3.0
"""WCAG 2.2 success criterion 1.4.11: controls, borders, the focus ring."""

HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


def is_hex_colour(value: object) -> bool:
    """Whether `value` is a colour as `#rrggbb`."""
    return isinstance(value, str) and HEX_COLOUR.match(value) is not None


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Contrast of two colours as `#rrggbb`, 1 to 21. Never rounded: 4.499 is not 4.5."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
