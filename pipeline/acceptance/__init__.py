"""A parsed file becomes a recorded decision.

In: files of the inbox and what the children read in them. Out: one record per file (whose it is,
what became of each row, why), stored and answered. Read `accept.py` first.
"""
