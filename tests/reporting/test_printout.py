from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.reporting.document import read_document
from analysis.reporting.printout import print_document


def count_pages(n_paragraphs, layout):
    text = "A sentence that fills a part of one line of the page."
    cells = [new_markdown_cell("# Title"), new_markdown_cell("## Part")]
    cells += [new_markdown_cell(text) for _ in range(n_paragraphs)]
    notebook = new_notebook(cells=cells)
    notebook.metadata["quarterbook"] = {"layout": layout}
    return print_document(read_document(notebook)).page_count


def test_a_one_page_report_sets_its_type_smaller_before_it_takes_a_second_page():
    # Measured: 48 such paragraphs fit a page at 8.5 points, 54 at 7.5.
    assert count_pages(54, "one-page") == 1
    assert count_pages(54, "report") == 2


def test_a_report_that_fits_at_no_size_takes_the_pages_that_it_needs():
    assert count_pages(120, "one-page") > 1
