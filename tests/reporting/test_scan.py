"""What is read in each kind of file, and which of the bank's keys are recognised."""

import base64
import json
import zipfile

import duckdb
import pytest
import xlsxwriter
from pypdf import PdfWriter

from analysis.data.opening import open_source
from analysis.reporting.privacy.bank_keys import find_key_columns, list_words
from analysis.reporting.privacy.reading import read_texts
from analysis.reporting.privacy.scan import scan_folder

KEY = "C0000123"
MAPPING = """
title: Toy
attribution: Simulated
currency: CNY
period: month
kind: parquet
location: bank
layout: contract
"""


def open_bank(root, **keys):
    """Open a bank whose customers have these keys."""
    (root / "params" / "sources").mkdir(parents=True)
    (root / "params" / "sources" / "toy.yml").write_text(MAPPING, "utf-8")
    (root / "bank").mkdir()
    for table, values in keys.items():
        column = {"customers": "customer_id", "accounts": "account_id"}[table]
        listed = ", ".join(f"('{value}', 'x', 'deposit', 0)" for value in values)
        shape = f"t({column}, product, side, tenor_months)"
        if table == "accounts":
            shape = "t(account_id, product, side, tenor_months, customer_id)"
            listed = listed.replace(", 0)", ", 0, 'none')")
        path = root / "bank" / f"{table}.parquet"
        query = f"COPY (SELECT * FROM (VALUES {listed}) {shape}) TO '{path}'"
        duckdb.sql(query)
    return open_source("toy", root=root)


def read(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {text.place: text.text for text in read_texts(path)}


def test_a_page_is_read_with_attributes_comments_scripts_and_packed_drawings(tmp_path):
    drawing = base64.b64encode(b"<svg><title>in a drawing</title></svg>").decode()
    page = f"""<p>words &amp; more</p>
<img alt="an alternative text" src="data:image/svg+xml;base64,{drawing}">
<!-- a comment --><script type="application/json">{{"k": "packed"}}</script>
<svg><g data-tip="a tip"><path d="M 1 2"/></g></svg>
<style>@font-face {{ src: url(data:font/woff2;base64,QUJDREVG) }}</style>"""
    found = read(tmp_path, "page.html", page)
    assert found["<p>, line 1"] == "words & more"
    assert found["attribute alt of <img>, line 2"] == "an alternative text"
    inner = "attribute src of <img>, line 2, packed image/svg+xml, <title>, line 1"
    assert found[inner] == "in a drawing"
    assert found["comment, line 3"] == " a comment "
    assert found["<script>, line 3"] == '{"k": "packed"}'
    assert found["attribute data-tip of <g>, line 4"] == "a tip"
    assert not any("M 1 2" in text or "QUJD" in text for text in found.values())


def test_an_address_is_read_as_a_server_reads_it(tmp_path):
    found = read(tmp_path, "p.html", '<a href="/c/C%30000123">x</a>')
    assert found["attribute href of <a>, line 1"] == f"/c/{KEY}"


def test_a_notebook_is_read_in_every_form_of_an_output(tmp_path):
    typst = '#chart("<svg><title>\\"T\\"</title><path d=\\"M 1\\"/></svg>", [x])'
    data = {
        "text/html": ["<p>", "html</p>"],
        "text/plain": "plain",
        "text/vnd.typst": typst,
        "application/json": {"rows": [["cell", 7]], "nobs": 12345678},
    }
    output = {"output_type": "display_data", "data": data, "metadata": {"who": "me"}}
    stream = {"output_type": "stream", "name": "stdout", "text": ["printed"]}
    cell = {"cell_type": "code", "source": ["1 +", " 1"], "metadata": {"tags": ["t"]}}
    picture = base64.b64encode(b"\x89PNG\x00tEXtin a picture\x00").decode()
    data["image/png"] = picture
    pasted = {"attachments": {"a.png": {"image/png": picture}}}
    cells = [cell | pasted | {"outputs": [output, stream]}]
    content = json.dumps({"cells": cells, "metadata": {"author": "somebody"}})
    found = read(tmp_path, "n.ipynb", content)
    assert found["cell 1, source"] == "1 + 1"
    assert found["cell 1, output text/html, <p>, line 1"] == "html"
    assert found["cell 1, output text/plain"] == "plain"
    assert found["cell 1, output text/vnd.typst, <title>, line 1"] == '"T"'
    assert "M 1" not in found["cell 1, output text/vnd.typst"]
    assert found["cell 1, output application/json, rows 1 1"] == "cell"
    assert found["cell 1, output metadata, who"] == "me"
    assert found["cell 1, output text 1"] == "printed"
    assert found["notebook, metadata, author"] == "somebody"
    assert found["cell 1, output image/png"] == "tEXt" + "in a picture"
    assert found["cell 1, attachment a.png image/png"] == "tEXt" + "in a picture"
    assert "12345678" not in found.values()


def test_a_pdf_is_read_with_its_metadata_and_attachments(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "the title", "/Author": "the author"})
    writer.xmp_metadata = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>the xmp</x:xmpmeta>"
    writer.add_attachment("a.csv", b"attached")
    writer.write(tmp_path / "d.pdf")
    found = [(text.place, text.text) for text in read_texts(tmp_path / "d.pdf")]
    assert ("entry /Title", "the title") in found
    assert ("entry /Author", "the author") in found
    assert ("entry /F", "attached") in found
    assert "the xmp" in dict(found)["entry /Metadata"]


def test_a_workbook_is_read_in_all_its_parts(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.set_properties({"author": "the author", "comments": "the comment"})
        sheet = book.add_worksheet("the sheet")
        sheet.write("A1", "a cell")
        sheet.write_comment("A1", "a remark")
        sheet.data_validation("B1", {"validate": "list", "source": ["choice"]})
    found = [text.text for text in read_texts(tmp_path / "b.xlsx")]
    for words in ("the author", "the comment", "the sheet", "a cell", "a remark"):
        assert words in found
    assert '"choice"' in found
    assert zipfile.is_zipfile(tmp_path / "b.xlsx")


def test_a_file_of_an_unknown_kind_is_searched_for_words(tmp_path):
    content = b"\x89PNG\x00\x01tEXtAuthor\x00" + KEY.encode() + b"\x00\xff"
    assert KEY in read(tmp_path, "p.png", content).values()
    assert read(tmp_path, "t.csv", "a,b\nc,d") == {"line 1": "a,b", "line 2": "c,d"}


@pytest.mark.parametrize(
    "text",
    [
        f"the customer {KEY}.",
        f"客户{KEY}投诉",
        f"{KEY.lower()}: 5",
        "Ｃ００００１２３",
        "C000\N{ZERO WIDTH SPACE}0123",
        f"list_{KEY}.csv",
        "C-0000-123",
        f"https://bank.example/customers/{KEY}?x=1",
        f"{KEY}.0",
    ],
)
def test_a_key_is_a_word_however_it_is_written(text):
    assert KEY in list_words(text)


@pytest.mark.parametrize("text", ["5369", "1,234,567", "0.12345678", "2026", "word"])
def test_numbers_and_plain_words_are_no_keys(text):
    assert not list_words(text)


def test_keys_of_each_kind_are_found_in_the_engine(tmp_path):
    source = open_bank(tmp_path, customers=[KEY, "C0000124"], accounts=["62220000"])
    folder = tmp_path / "out"
    read(folder, "a.csv", f"n,{KEY}\nC9999999,62220000")
    read(folder, "b/c.txt", "62220001 and 12.62220000")
    scan = scan_folder(folder, source, find_key_columns(source))
    assert [(leak.file, leak.place, leak.kind) for leak in scan.leaks] == [
        ("a.csv", "line 1", "customer_id of the bank"),
        ("a.csv", "line 2", "account_id of the bank"),
    ]
    assert scan.n_files == 2
    assert [leak.masked for leak in scan.leaks] == ["C0••••••", "62••••••"]


def test_short_plain_numbers_are_not_searched_and_that_is_said(tmp_path):
    source = open_bank(tmp_path, customers=["1", "5369", "C0000123"])
    read(tmp_path / "out", "a.txt", "5369 customers, 1 table")
    scan = scan_folder(tmp_path / "out", source, find_key_columns(source))
    assert scan.leaks == ()
    told = scan.describe()["keys"]["customer_id"]
    assert (told["searched"], told["not_searched"]) == (1, 2)
    assert "can't be told from counts" in told["reason"]


def test_lists_that_are_meant_to_name_customers_are_left_out(tmp_path):
    source = open_bank(tmp_path, customers=[KEY])
    read(tmp_path / "out", "lists/act.csv", KEY)
    read(tmp_path / "out", f"{KEY}.txt", "nothing")
    scan = scan_folder(
        tmp_path / "out", source, find_key_columns(source), left_out="lists"
    )
    assert [leak.file for leak in scan.leaks] == [f"{KEY}.txt"]
    assert scan_folder(tmp_path / "out", source, find_key_columns(source)).n_files == 2
    keys = [column.column for column in find_key_columns(source)]
    assert keys == ["customer_id", "relationship_manager_id"]
