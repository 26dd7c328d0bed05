"""Rows in force become bases, remarks, indicators and documents.

In: the facts in force of one school year. Out: files of `outbox/documents`, the page «Сегодня», and
the view that packages are made of. Read `build.py` first.
"""
