"""What goes back to a unit: receipts, marked workbooks, follow-ups, blank workbooks.

In: a recorded decision. Out: files in the unit's folder of the outbox. Read `write.py` first.
"""
