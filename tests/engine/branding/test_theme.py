"""Every look can be read, whatever the icon and whatever the merchant wishes."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.branding import OVERRIDABLE, clean_icon, contrast_ratio, make_theme
from engine.branding.theme import DEFAULT_SEED, PALETTE_FIELDS, seed_of, theme_from_seed, tone_of
from engine.errors import InvalidInput

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def png_of(*pixels, size=64):
    image = Image.new("RGBA", (size, size))
    stripe = size // len(pixels)
    for at, pixel in enumerate(pixels):
        image.paste(pixel, (at * stripe, 0, (at + 1) * stripe, size))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def assert_readable(theme):
    for p in (theme.light, theme.dark):
        pairs = [
            (p.on_primary, p.primary, 4.5),
            (p.on_background, p.background, 4.5),
            (p.on_surface, p.surface, 4.5),
            (p.on_user_bubble, p.user_bubble, 4.5),
            (p.on_bot_bubble, p.bot_bubble, 4.5),
            (p.primary, p.background, 3.0),
            (p.outline, p.background, 3.0),
            (p.outline, p.surface, 3.0),
            *((ink, area, 4.5) for ink in (p.text, p.muted_text, p.link) for area in (p.background, p.surface)),
            (p.link, p.bot_bubble, 4.5),
        ]
        for one, other, least in pairs:
            assert contrast_ratio(one, other) >= least, (one, other, p)


@settings(max_examples=300, deadline=None)
@given(seed=colours)
def test_any_seed_gives_a_readable_look(seed):
    assert_readable(theme_from_seed(seed))


@settings(max_examples=300, deadline=None)
@given(seed=colours, wishes=st.dictionaries(st.sampled_from(sorted(OVERRIDABLE)), colours, max_size=8))
def test_any_wish_is_adjusted_until_it_reads(seed, wishes):
    assert_readable(theme_from_seed(seed, wishes))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 60), height=st.integers(1, 60))
def test_any_picture_gives_a_readable_look(seed, width, height):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    assert_readable(make_theme(clean_icon(out.getvalue()).png))


@pytest.mark.parametrize(
    "pixel",
    ["#808080", "#000000", "#ffffff", "#39ff14", "#ffff00", "#ff00ff", (0, 0, 0, 0), "#0057b8", "#ff6600"],
)
def test_difficult_icons_get_a_sensible_look(pixel):
    theme = make_theme(png_of(pixel))
    assert_readable(theme)
    assert tone_of(theme.light.background) > 90
    assert tone_of(theme.dark.background) < 15


def test_a_readable_brand_colour_is_kept_as_it_is():
    theme = make_theme(png_of("#0057b8"))
    assert theme.seed == "#0057b8"
    assert theme.light.primary == "#0057b8"
    assert theme.light.on_primary == "#ffffff"


def test_a_little_brand_colour_on_much_white_is_found():
    assert seed_of(png_of("#ffffff", "#ffffff", "#ffffff", "#c2185b")) == "#c2185b"


def test_a_grey_icon_does_not_become_colourful():
    theme = make_theme(png_of("#808080"))
    red, green, blue = (int(theme.light.primary[at : at + 2], 16) for at in (1, 3, 5))
    assert max(red, green, blue) - min(red, green, blue) <= 3


def test_an_invisible_icon_gets_the_default_colour():
    assert make_theme(png_of((255, 0, 0, 10))).seed == DEFAULT_SEED


def test_wishes_that_read_are_granted_exactly():
    theme = make_theme(png_of("#0057b8"), {"primary": "#AA0000", "dark.background": "#101020", "link": "#000080"})
    assert theme.light.primary == "#aa0000"
    assert theme.dark.background == "#101020"
    assert theme.light.link == "#000080"
    assert theme.dark.link != "#000080"


def test_a_light_background_for_both_keeps_the_dark_look_dark():
    theme = make_theme(png_of("#0057b8"), {"background": "#fff4e0"})
    assert theme.light.background == "#fff4e0"
    assert tone_of(theme.dark.background) < 15


def test_a_seed_can_be_wished():
    assert make_theme(png_of("#0057b8"), {"seed": "#C2185B"}).seed == "#c2185b"


def test_the_same_icon_always_gives_the_same_look():
    assert make_theme(png_of("#123456", "#fedcba")) == make_theme(png_of("#123456", "#fedcba"))


def test_unusable_wishes_are_named():
    with pytest.raises(InvalidInput) as caught:
        make_theme(png_of("#0057b8"), {"sparkle": "#ffffff", "primary": "red"})
    assert [problem.field for problem in caught.value.fields] == ["sparkle", "primary"]


def test_every_palette_field_can_be_wished():
    assert all(name in OVERRIDABLE for name in PALETTE_FIELDS)
