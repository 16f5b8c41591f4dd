"""The WCAG contrast function against worked values."""

import pytest

from engine.branding.contrast import contrast_ratio, is_hex_colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.4781),
        ("#767676", "#ffffff", 4.5422),
        ("#949494", "#ffffff", 3.0335),
        ("#959595", "#ffffff", 2.9953),
        ("#0057b8", "#ffffff", 6.8730),
        ("#ffd700", "#ffffff", 1.4026),
        ("#ffd700", "#000000", 14.9722),
        ("#ff6600", "#ffffff", 2.9360),
    ],
)
def test_ratio_matches_the_published_table(one, other, ratio):
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=5e-5)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)


def test_black_or_white_always_reads_on_the_hardest_colour():
    assert max(contrast_ratio("#378614", ink) for ink in ("#000000", "#ffffff")) == pytest.approx(4.58259, abs=1e-5)


@pytest.mark.parametrize("value", ["", "#fff", "#12345g", "123456", "#1234567", None, 7, "#123456\n"])
def test_only_six_digits_after_a_hash_are_a_colour(value):
    assert not is_hex_colour(value)
