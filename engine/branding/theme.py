"""Light and dark colours for an assistant, from its icon and the merchant's wishes.

Never here: reading files of other formats than the cleaned PNG.

How a look is made: one seed colour of the icon gives a hue; neutral areas carry a trace of it; then every
colour that stands on another is moved in tone, never in hue, until it can be read (WCAG 2.2 AA).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from materialyoucolor.hct import Hct
from materialyoucolor.quantize import QuantizeCelebi
from materialyoucolor.score.score import Score, ScoreOptions
from PIL import Image

from engine.branding.contrast import PARTS_MINIMUM, TEXT_MINIMUM, contrast_ratio, is_hex_colour
from engine.domain.bot import Palette, Theme
from engine.errors import FieldProblem, InvalidInput

__all__ = ["DEFAULT_SEED", "OVERRIDABLE", "make_theme", "seed_of", "theme_from_seed"]

Scheme = Literal["light", "dark"]

PALETTE_FIELDS = tuple(field.name for field in fields(Palette))
OVERRIDABLE = frozenset(
    {"seed", *PALETTE_FIELDS, *(f"{scheme}.{name}" for scheme in ("light", "dark") for name in PALETTE_FIELDS)}
)
"""`seed`, a palette field for both looks, or `light.`/`dark.` and a palette field for one."""

DEFAULT_SEED = "#1f6f66"
"""For icons without a visible pixel: a calm teal."""
NEUTRAL_CHROMA = 5.0
"""Below this a colour reads as grey (the cut-off of Material's own scoring)."""
SAMPLE = 128
"""Side of the shrunken picture that is quantised, pixels; also the number of colours."""


@dataclass(frozen=True, slots=True)
class Tones:
    """Lightness (0 to 100) of the areas and the first choice for what stands on them."""

    background: float
    surface: float
    bot_bubble: float
    text: float
    muted_text: float
    link: float
    outline: float


TONES: dict[Scheme, Tones] = {
    "light": Tones(background=99, surface=96, bot_bubble=93, text=12, muted_text=38, link=38, outline=50),
    "dark": Tones(background=7, surface=12, bot_bubble=18, text=92, muted_text=76, link=80, outline=58),
}


def make_theme(png: bytes, overrides: Mapping[str, str] | None = None) -> Theme:
    """The look for a cleaned icon, with the merchant's wishes fulfilled as far as they can be read.

    `overrides` maps a name of OVERRIDABLE to `#rrggbb`. Raises InvalidInput for other names or values.
    """
    return theme_from_seed(seed_of(png), overrides)


def theme_from_seed(seed: str, overrides: Mapping[str, str] | None = None) -> Theme:
    """The look for a seed colour, with the merchant's wishes. Raises InvalidInput as `make_theme` does."""
    wishes = dict(overrides or {})
    check_wishes(wishes)
    seed = wishes.get("seed", seed).lower()
    return Theme(
        seed=seed,
        light=make_palette(seed, "light", wishes_for("light", wishes)),
        dark=make_palette(seed, "dark", wishes_for("dark", wishes)),
    )


def check_wishes(wishes: Mapping[str, str]) -> None:
    """Raise InvalidInput naming every wish that is no known colour name or no colour."""
    problems = [
        FieldProblem(name, f"{name!r} is not a colour of the look") for name in wishes if name not in OVERRIDABLE
    ]
    problems += [
        FieldProblem(name, f"{value!r} is not a colour such as '#1f6f66'")
        for name, value in wishes.items()
        if name in OVERRIDABLE and not is_hex_colour(value)
    ]
    if problems:
        raise InvalidInput("Some colours cannot be used: " + "; ".join(p.message for p in problems), fields=problems)


def wishes_for(scheme: Scheme, wishes: Mapping[str, str]) -> dict[str, str]:
    """Palette field to colour for one look; a wish for exactly this look wins over one for both."""
    common = {name: value.lower() for name, value in wishes.items() if name in PALETTE_FIELDS}
    own = {name.split(".")[1]: value.lower() for name, value in wishes.items() if name.startswith(f"{scheme}.")}
    for area in ("background", "surface", "bot_bubble"):
        if area in common:
            common[area] = area_in(scheme, area, common[area])
    return common | own


def area_in(scheme: Scheme, area: str, colour: str) -> str:
    """An area wished for both looks: as it is where its lightness belongs, only its tint in the other."""
    is_light = tone_of(colour) >= 50
    if is_light == (scheme == "light"):
        return colour
    hct = Hct.from_int(to_argb(colour))
    return from_hct(hct.hue, min(hct.chroma, 12.0), getattr(TONES[scheme], area))


def make_palette(seed: str, scheme: Scheme, wishes: Mapping[str, str]) -> Palette:
    """One look whose every pair of colours can be read."""
    tones = TONES[scheme]
    hct = Hct.from_int(to_argb(seed))
    grey = hct.chroma < NEUTRAL_CHROMA
    tint = 0.0 if grey else min(hct.chroma / 6, 4.0)

    def neutral(tone: float) -> str:
        return from_hct(hct.hue, tint, tone)

    def wish(name: str, otherwise: str) -> str:
        return wishes.get(name, otherwise)

    background = wish("background", neutral(tones.background))
    ink = ink_for(background)
    surface = readable(wish("surface", neutral(tones.surface)), [ink], TEXT_MINIMUM)
    bot_bubble = readable(wish("bot_bubble", neutral(tones.bot_bubble)), [ink], TEXT_MINIMUM)
    areas = [background, surface, bot_bubble]

    primary = readable(wish("primary", primary_of(seed, scheme)), [background, surface], PARTS_MINIMUM)
    user_bubble = wish("user_bubble", primary)
    text = readable(wish("text", neutral(tones.text)), areas, TEXT_MINIMUM)
    link_hue = Hct.from_int(to_argb(primary))
    link = from_hct(link_hue.hue, 0.0 if grey else max(link_hue.chroma, 24.0), tones.link)

    def on(area: str, colour: str) -> str:
        return readable(wish(f"on_{area}", ink_for(colour)), [colour], TEXT_MINIMUM)

    return Palette(
        primary=primary,
        on_primary=on("primary", primary),
        background=background,
        on_background=readable(wish("on_background", text), [background], TEXT_MINIMUM),
        surface=surface,
        on_surface=readable(wish("on_surface", text), [surface], TEXT_MINIMUM),
        user_bubble=user_bubble,
        on_user_bubble=on("user_bubble", user_bubble),
        bot_bubble=bot_bubble,
        on_bot_bubble=readable(wish("on_bot_bubble", text), [bot_bubble], TEXT_MINIMUM),
        text=text,
        muted_text=readable(wish("muted_text", neutral(tones.muted_text)), areas, TEXT_MINIMUM),
        link=readable(wish("link", link), areas, TEXT_MINIMUM),
        outline=readable(wish("outline", neutral(tones.outline)), areas, PARTS_MINIMUM),
    )


def primary_of(seed: str, scheme: Scheme) -> str:
    """The shop's own colour, kept as it is unless it is a grey: those become the strongest ink of the look."""
    hct = Hct.from_int(to_argb(seed))
    if hct.chroma >= NEUTRAL_CHROMA:
        return seed
    if scheme == "light":
        return from_hct(hct.hue, 0.0, min(hct.tone, 30.0))
    return from_hct(hct.hue, 0.0, max(hct.tone, 85.0))


def readable(colour: str, against: Iterable[str], minimum: float) -> str:
    """The colour nearest in tone to `colour` with at least `minimum` contrast to all of `against`.

    Hue and chroma stay where they can. Black or white when no tone of the hue is enough.
    """
    partners = list(against)

    def passes(candidate: str) -> bool:
        return all(contrast_ratio(candidate, partner) >= minimum for partner in partners)

    if passes(colour):
        return colour
    hct = Hct.from_int(to_argb(colour))
    found = nearest_tone(hct.tone, lambda tone: from_hct(hct.hue, hct.chroma, tone), passes)
    return found or max(("#000000", "#ffffff"), key=lambda ink: min(contrast_ratio(ink, p) for p in partners))


def nearest_tone(start: float, at: Callable[[float], str], passes: Callable[[str], bool]) -> str | None:
    """The first colour that passes, looking at tones ever farther from `start` on both sides."""
    for step in range(1, 101):
        for tone in (start - step, start + step):
            if 0 <= tone <= 100 and passes(candidate := at(tone)):
                return candidate
    return None


def ink_for(area: str) -> str:
    """White where white can be read, else black: one of them always reaches 4.58 to 1."""
    return "#ffffff" if contrast_ratio("#ffffff", area) >= TEXT_MINIMUM else "#000000"


def seed_of(png: bytes) -> str:
    """The icon's most telling colour: the best-scored chromatic one, else its commonest grey."""
    pixels = opaque_pixels(png)
    if not pixels:
        return DEFAULT_SEED
    populations: dict[int, int] = QuantizeCelebi(pixels, SAMPLE)
    best = Score.score(populations, ScoreOptions(desired=1, fallback_color_argb=0))[0]
    return from_argb(best or max(populations, key=lambda argb: (populations[argb], argb)))


def opaque_pixels(png: bytes) -> list[list[int]]:
    """Red, green, blue and opacity of the pixels that can be seen, of a shrunken copy."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        small = image.convert("RGBA")
    small.thumbnail((SAMPLE, SAMPLE), Image.Resampling.BILINEAR)
    data = small.tobytes()
    return [[*data[at : at + 3], 255] for at in range(0, len(data), 4) if data[at + 3] >= 128]


def tone_of(colour: str) -> float:
    """Perceived lightness, 0 to 100."""
    return float(Hct.from_int(to_argb(colour)).tone)


def from_hct(hue: float, chroma: float, tone: float) -> str:
    """The displayable colour nearest to hue (degrees), chroma and tone (0 to 100)."""
    return from_argb(Hct.from_hct(hue, chroma, tone).to_int())


def from_argb(argb: int) -> str:
    """`#rrggbb` of a colour as the colour library counts it."""
    return f"#{argb & 0xFFFFFF:06x}"


def to_argb(colour: str) -> int:
    """A colour `#rrggbb` as the colour library counts it."""
    return 0xFF000000 | int(colour[1:], 16)
