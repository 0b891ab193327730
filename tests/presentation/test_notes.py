"""Notes say something."""

from __future__ import annotations

import pytest

from analysis.presentation.notes import Note


def test_a_note_keeps_its_sentence() -> None:
    assert Note("This source has no cost pools.").text.endswith("pools.")


def test_an_empty_note_is_refused() -> None:
    with pytest.raises(ValueError, match="must say something"):
        Note("  ")
