"""The two forms of a report as nbconvert exporters: one HTML file, one PDF.

They serve `jupyter nbconvert --to quarterbook_html|quarterbook_pdf`, JupyterLab's
export menu and the quarterly run alike.
"""

from __future__ import annotations

from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from analysis.reporting.pages.document import read_document
from analysis.reporting.pages.printout import print_document
from analysis.reporting.pages.webpage import render_document
from analysis.wording import speak

PAGE_COUNT = "quarterbook_page_count"
"""Where the resources of an export hold the number of pages of the PDF."""


class QuarterbookHTMLExporter(Exporter):
    """Executed notebook to one HTML file that asks nothing of a network."""

    export_from_notebook = "Quarterbook report (HTML)"
    output_mimetype = "text/html"
    _extension: ClassVar[str] = ".html"

    def _file_extension_default(self) -> str:
        return self._extension

    def from_notebook_node(  # type: ignore[override]
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - nbconvert's own signature
    ) -> tuple[str, dict[str, Any]]:
        """Write a notebook as a page.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            Notebook; its metadata "quarterbook" may say what the masthead holds.
        resources : dict or None
            nbconvert's own.
        **kw
            Passed on to nbconvert.

        Returns
        -------
        tuple of str and dict
            The page and the resources.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        document = read_document(notebook)
        with speak(document.language):
            return render_document(document), resources


class QuarterbookPDFExporter(Exporter):
    """Executed notebook to a tagged PDF, without its code."""

    export_from_notebook = "Quarterbook report (PDF)"
    output_mimetype = "application/pdf"
    _extension: ClassVar[str] = ".pdf"

    def _file_extension_default(self) -> str:
        return self._extension

    def from_notebook_node(  # type: ignore[override]
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - nbconvert's own signature
    ) -> tuple[bytes, dict[str, Any]]:
        """Set a notebook as PDF.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            Notebook; its metadata "quarterbook" may say what the cover lines hold,
            and "layout": "one-page" asks for the tight layout.
        resources : dict or None
            nbconvert's own.
        **kw
            Passed on to nbconvert.

        Returns
        -------
        tuple of bytes and dict
            The file and the resources, which hold the page count under `PAGE_COUNT`.

        Raises
        ------
        RunFailedError
            If a character has no glyph in the packaged fonts.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        document = read_document(notebook)
        with speak(document.language):
            printout = print_document(document)
        resources[PAGE_COUNT] = printout.page_count
        return printout.content, resources
