"""Run the notebooks of a plan: warm processes, side by side, nothing done twice."""
