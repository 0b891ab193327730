"""Numbers in, frozen results out: no file, no chart and no bank word in here."""
