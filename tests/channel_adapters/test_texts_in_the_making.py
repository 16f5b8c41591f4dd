"""What of an answer in the making may be shown: it has to be the beginning of what is shown later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_adapters.microsoft.rendering import activities, growing
from channel_adapters.slack.marks import markdown
from channel_adapters.spans import settled
from tests.channel_adapters.replies import reply

PIECES = (
    "word ", "two words. ", "**bold words** ", "**", "* ", "- item\n", "\n- ", "\n\n", "\n", "# Heading\n", "#",
    "[the shop](https://shop.example/a) ", "[1] ", "![pot](https://shop.example/p.png) ", "[", "](", ")", "3 * 4 ",
    "<!channel> ", "&amp; ", "_x_ ", "価格は千円です。", "送料は無料です。", "1. first\n", "`code` ", "`",
    "```\n", "\n```\n",
    "| Size | Price |\n", "|---|---|\n", "| S | 19 |\n", "| ", "|\n",
)  # fmt: skip
answers = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("so_far", "shown"),
    [
        ("", ""),
        ("Del", ""),
        ("Delivery costs 6.9", "Delivery costs"),
        ("Delivery **costs 6.90 EUR", "Delivery"),
        ("Delivery **costs** 6.90 ", "Delivery **costs** 6.90"),
        ("See [our page](https://shop.ex", "See"),
        ("See [our page](https://shop.example/a) now", "See [our page](https://shop.example/a)"),
        ("Mugs:\n- Ann\n- ", "Mugs:\n- Ann"),
        ("Mugs\n# Head line", "Mugs"),
        ("Sizes:\n| S | 19 |\n|---|", "Sizes:"),
        ("Type:\n```\nbuy now ", "Type:"),
        ("Press `En ter ", "Press"),
        ("価格は千円です。送料", "価格は千円です。"),
    ],
)  # fmt: skip
def test_only_what_reads_the_same_whatever_follows_is_shown(so_far: str, shown: str):
    assert settled(so_far) == shown


@given(answers, st.sampled_from(["", "You chat with *Fern*, an AI."]))
def test_each_piece_in_teams_goes_on_the_one_before_and_the_message_too(text: str, notice: str):
    shown = ""
    for end in range(len(text) + 1):
        piece = growing(notice, text[:end])
        if piece:
            assert piece.startswith(shown)
            shown = piece
    whole = activities(reply(text.strip(), notice=notice))
    assert not shown or whole[0]["text"].startswith(shown)


@given(answers, st.sampled_from(["", "You chat with *Fern*, an AI <!here>."]))
def test_each_piece_in_slack_goes_on_the_one_before_and_calls_nobody(text: str, notice: str):
    shown = ""
    for end in range(len(text) + 1):
        piece = markdown(notice, text[:end])
        assert "<" not in piece
        if piece:
            assert piece.startswith(shown)
            shown = piece
