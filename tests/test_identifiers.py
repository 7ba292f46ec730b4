"""Identifiers: what is found, and that what is no number is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.identifiers import find_identifiers, find_in_property, property_kind


@given(st.integers(0, 999_999_999))
def test_one_check_digit_of_eleven_fits(first: int) -> None:
    faults = [
        next(iter(find_identifiers(f"ISBN {first:09}{digit}"))).fault for digit in "0123456789X"
    ]
    assert faults.count("") == 1


@given(st.integers(0, 999_999_999))
def test_one_check_digit_of_ten_fits(first: int) -> None:
    found = [next(iter(find_identifiers(f"ISBN 978{first:09}{digit}"))) for digit in "0123456789"]
    assert [each.fault for each in found].count("") == 1


@given(st.integers(0, 999_999_999), st.integers(0, 8))
def test_two_neighbouring_digits_swapped_are_found_in_ten(first: int, at: int) -> None:
    right = next(
        number
        for number in (f"{first:09}{digit}" for digit in "0123456789X")
        if not next(iter(find_identifiers(f"ISBN {number}"))).fault
    )
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if swapped != right and "X" not in swapped[:-1]:
        assert next(iter(find_identifiers(f"ISBN {swapped}"))).fault


@given(st.text())
def test_places_are_those_of_the_number(text: str) -> None:
    for found in find_identifiers(f"{text} doi:10.1/{text} ISBN 97{text} ISSN 1234-{text}"):
        assert found.written
        assert found.end - found.start == len(found.written)


@given(st.text())
def test_any_value_of_a_property_is_judged(text: str) -> None:
    for kind in ("DOI", "ISBN", "ISSN", "arXiv", "PMID"):
        for found in find_in_property(kind, text):
            assert text[found.start : found.end] == found.written


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ISBN 0-306-40615-2, ISBN 978-0-306-40615-7", ["ISBN:9780306406157"] * 2),
        ("doi:10.1000/ABC. DOI https://doi.org/10.1000/abc", ["DOI:10.1000/abc"] * 2),
        ("arXiv:2101.00001v2 arXiv:2101.00001", ["arXiv:2101.00001"] * 2),
    ],
)
def test_equal_identifiers_have_equal_keys(text: str, keys: list[str]) -> None:
    assert [found.key for found in find_identifiers(text)] == keys


def test_properties_by_name() -> None:
    names = ("ISBN-13", "isbn_10", "DOI", "arXiv ID", "title")
    kinds = [property_kind(name) for name in names]
    assert kinds == ["ISBN", "ISBN", "DOI", "arXiv", None]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://doi.org/10.1016/S0140-6736%2820%2930183-5", "10.1016/s0140-6736(20)30183-5"),
        ("https://doi.org/10.1016/S0140-6736(20)30183-5?utm_source=x", "10.1016/s0140-6736(20)30183-5"),
        ("doi:10.1002/(SICI)1-1(199806)49:8<693::AID-1>3.0.CO;2-O", "10.1002/(sici)1-1(199806)49:8<693::aid-1>3.0.co;2-o"),
        ("<https://doi.org/10.1038/nphys1170>", "10.1038/nphys1170"),
    ],
)  # fmt: skip
def test_equal_dois_have_one_key(text: str, key: str) -> None:
    (found,) = find_identifiers(text)
    assert (found.key, found.fault) == (f"DOI:{key}", "")
