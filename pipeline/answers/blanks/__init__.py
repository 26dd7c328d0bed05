"""Blank workbooks made from the contracts: lists, hints, examples, pre-filled rows.

In: plans and vocabularies. Out: an xlsx that its own check accepts. Read `book.py` first.
"""
