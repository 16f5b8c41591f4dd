"""What people wrote in Slack, out of its marks; and where a pressed message may be replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_adapters.slack.interactions import is_slacks
from channel_adapters.slack.words import words_of

MARKS = ("<@U0BOT>", "<@U0BOT|fern>", "<@U2|anna>", "<@U3>", "<#C1|general>", "<#C2>", "<!channel>", "<!here|here>",
         "<", "<https://x.example|x>", "<https://x.example>", "<mailto:a@x.example|a@x.example>", "<tel:123>", ">", "|",
         "&", "&amp;", "&lt;", "&gt;", "\n", " ", "word", "\ud800", "\x00", "🧵")  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BOT> do you ship?", "do you ship?"),
        ("Do you ship, <@U0BOT|fern>?", "Do you ship, ?"),
        ("<@U0BOT> ask <@U2|anna> in <#C1|general>", "ask @anna in #general"),
        ("<!channel> &lt;b&gt; &amp;amp; <!subteam^S1|@team>", "<b> &amp; @team"),
        ("<https://x.example/p|this mug> <https://y.example>", "this mug https://y.example"),
        ("<mailto:a@x.example|a@x.example> <tel:123>", "a@x.example 123"),
        ("one\n  two  <@U0BOT>\n", "one\ntwo"),
        ("<@U0BOT>", ""),
    ],
)
def test_marks_become_words(written: str, read: str):
    assert words_of(written, "U0BOT") == read


@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_can_be_kept(text: str):
    read = words_of(text, "U0BOT")
    read.encode()
    assert read == read.strip()


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("https://hooks.slack.com/actions/T1/1/x", True),
        ("http://hooks.slack.com/actions/T1/1/x", False),
        ("https://hooks.slack.com.evil.example/x", False),
        ("https://hooks.slack.com@evil.example/x", False),
        ("https://hooks.slack.com:8443/x", False),
        ("https://slack.com/x", True),
        ("http://127.0.0.1/x", False),
        ("", False),
    ],
)
def test_a_message_is_replaced_at_slack_only(url: str, counts: bool):
    assert is_slacks(url, "https://slack.com") is counts
