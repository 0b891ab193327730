"""Run the notebooks, export them, record what was run, publish a quarter."""
