"""What is left of a message that quotes data."""

import pytest

from analysis.reporting.privacy.masking import mask, mask_text


@pytest.mark.parametrize(
    ("value", "masked"),
    [("C0000123", "C0••••••"), ("C12", "C••"), ("ab", "a•"), ("a", "•")],
)
def test_a_masked_value_keeps_its_length_and_its_beginning(value, masked):
    assert mask(value) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("KeyError: 'C0001234'", "KeyError: 'C0••••••'"),
        ("KeyError: 5369", "KeyError: 53••"),
        ("客户C0001234的余额", "客户C0••••••的余额"),
        ("Could not convert '12,345.67abc'", "Could not convert '12••••••••••'"),
        ("110101199003070011", "11••••••••••••••••"),
        ("138 0013 8000", "1•• 00•• 80••"),
        ("６２２２０２０２", "62••••••"),
        ("wang.er@bank.example", "wa••••••••••••••••••"),
    ],
)
def test_whatever_may_name_somebody_is_masked(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "the weights did not converge",
        "no rate in 2026Q3",
        "2026-09-30 is after 2026-06",
        "column 'rate_12m' must be one of ['tier', 'region']",
    ],
)
def test_words_quarters_and_days_are_kept(text):
    assert mask_text(text) == text
