"""What the warm parent imports first: logging that is set up already.

A library that sets up logging when it is imported (pyfixest 0.60 asks for every note of
every library) finds it done, and lets it be.
"""

import logging

logging.basicConfig(level=logging.WARNING)
