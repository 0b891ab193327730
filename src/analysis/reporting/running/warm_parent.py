"""Import what every notebook needs: once, in the process that is forked for each.

What was imported is frozen: nobody looks it through for what could be freed.
"""

import gc
from importlib import import_module

MODULES = (
    "analysis.reporting.command",
    "analysis.reporting.running.execution",
    "analysis.reporting.privacy.scan",
    "analysis.studies.deposit_rate_elasticity",
    "analysis.studies.segment_profitability",
    "analysis.studies.satisfaction_drivers",
    "analysis.studies.quarterly_summary",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib_inline.backend_inline",
    "IPython.core.completerlib",
    "ibis.backends.duckdb",
    "ibis.formats.pandas",
    "matplotlib.backends.backend_svg",
    "pyarrow.dataset",
    "statsmodels.tsa.ardl",
)
"""Ours, and what libraries would import in each notebook anew when first used."""

gc.disable()
for name in MODULES:
    import_module(name)
gc.freeze()
gc.enable()
