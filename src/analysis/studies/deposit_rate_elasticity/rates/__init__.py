"""The price list in its market: history, competitors, inflation."""
