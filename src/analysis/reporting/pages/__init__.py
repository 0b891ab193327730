"""Executed notebooks as pages: HTML, PDF, workbook and the pages that list them."""
