"""A quick look for compounds with several dashes misses none that a careful one finds."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from vaultlint.terms.dashes import dashed_words, find_variants, may_vary

TEXTS = st.lists(
    st.sampled_from(
        [
            "Pak",
            "US",
            "us's",
            "a\u0301b",
            "straße",
            "-",
            "–",
            "\u2011",
            "—",
            "*",
            "_",
            "\u00ad",
            " ",
        ]
    ),
    max_size=14,
).map("".join)


@given(TEXTS)
@example("Pak-US and Pak–US")
@example("**Pak**–US, Pak-US")
def test_no_variant_is_passed_over(text: str) -> None:
    prose = text.replace("*", "").replace("_", "")
    found = [*find_variants((word.start, word.form) for word in dashed_words(prose))]
    assert may_vary(text) or not found


def test_most_texts_are_passed_over() -> None:
    assert not may_vary("Pak–US trade, Pak–US aid; sea-level, 1990–95 — and so on.")
    assert may_vary("Pak–US trade, Pak-US aid.")
