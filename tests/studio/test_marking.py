"""Differences of two texts, marked in Markdown."""

import pytest

from studio.marking import difference_words, marked
from studio.records import Reply


def test_only_the_words_that_differ_are_marked():
    assert marked("It costs 12 EUR today", "It costs 13 EUR today") == (
        "It costs ~~12~~ EUR today",
        "It costs **13** EUR today",
    )


def test_a_line_stays_a_line():
    assert marked("One\nTwo", "One\nThree") == ("One  \n~~Two~~", "One  \n**Three**")


def test_same_texts_are_not_marked_and_nothing_is_said_to_be_nothing():
    assert marked("Yes", "Yes") == ("Yes", "Yes")
    assert marked("", "New") == ("*Nothing.*", "New")


def test_what_a_page_or_shopper_wrote_cannot_become_markup():
    before, after = marked("<b> [x](http://evil.example)", "**bold** <script>")
    assert "<b>" not in before.replace("\\<", "")
    assert "[x](" not in before
    assert "<script>" not in after.replace("\\<", "")


def test_long_texts_are_shown_without_marks():
    before, after = marked("word " * 2000, "other " * 2000)
    assert "~~" not in before
    assert "**" not in after


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Reply(text="a"), Reply(text="b"), "Differs: other words"),
        (Reply(text="1 day"), Reply(text="2 days"), "Differs: other words, other figures"),
        (Reply(outcome="refused"), Reply(text="b"), "Answered now, not before"),
        (Reply(text="b"), Reply(outcome="refused"), "No longer answered"),
    ],
)
def test_a_difference_is_said_in_words(before, after, said):
    assert difference_words(before, after, same=False) == said


def test_the_same_is_said_to_be_the_same():
    assert difference_words(Reply(text="a"), Reply(text="a"), same=True) == "The same answer"
