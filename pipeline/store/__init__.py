"""Recorded facts, and the index over them.

In: records (`records.py`), each under its own sha256 in the archive and named by one line of the
ledger. Out: what is in force, answered from a database that can be rebuilt from them. Read
`store.py` first.
"""
