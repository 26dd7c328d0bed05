"""A part of a file from rows: what tests write by hand, and what the engine carries as columns."""

from pipeline.model import PartColumns, columns_of


def part_of(form, sheet, rows=(), notices=(), columns=None, header_row=None, **more):
    """Return the part whose rows are *rows*, with the other fields in the order they are met."""
    fields = {"columns": columns or {}, "header_row": header_row, **more}
    return PartColumns(form, sheet, notices=tuple(notices), **columns_of(rows), **fields)
