"""How far colours stand out from one another, for words on and beside marks."""

from __future__ import annotations

from matplotlib.colors import to_hex, to_rgb

from analysis.presentation.drawing.theme import MUTED, MUTED_TEXT, PAPER, TEXT


def darken_for_text(color: str) -> str:
    """Darken a mark's colour until words in it can be read on white.

    Parameters
    ----------
    color : str
        Colour as "#RRGGBB".

    Returns
    -------
    str
        The colour, or the next darker one with a contrast of 4.5 to 1.
    """
    if color == MUTED:
        return MUTED_TEXT
    red, green, blue = to_rgb(color)
    share = 1.0
    while compute_contrast(to_hex((red, green, blue)), PAPER) < 4.5:
        share -= 0.02
        red, green, blue = (part * share for part in to_rgb(color))
    return to_hex((red, green, blue))


def choose_text_color(background: str) -> str:
    """Choose dark or white words, whichever stands out more from a background.

    Parameters
    ----------
    background : str
        Colour as "#RRGGBB".

    Returns
    -------
    str
        `TEXT` or `PAPER`.
    """
    darker = compute_contrast(TEXT, background)
    return TEXT if darker >= compute_contrast(PAPER, background) else PAPER


def compute_contrast(first: str, second: str) -> float:
    """Compute the contrast of two colours.

    Parameters
    ----------
    first, second : str
        Colours as "#RRGGBB".

    Returns
    -------
    float
        From 1 (the same) to 21 (black on white).

    References
    ----------
    .. [1] Web Content Accessibility Guidelines 2.2, definitions of contrast ratio
       and relative luminance.
    """
    light, dark = sorted((_weigh(first), _weigh(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _weigh(color: str) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(color)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
