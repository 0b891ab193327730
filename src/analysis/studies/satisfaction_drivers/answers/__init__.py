"""Who answered: respondents with their characteristics, screened and weighted."""
