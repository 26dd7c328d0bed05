"""Which sheets are forms and which cells are their columns, by content alone.

In: a book as a reader gives it and the plans. Out: parts with values, notices and places. Read
`file.py` first.
"""
