"""The unit's own workbook with our marks, by patching the parts of its zip.

In: the bytes of a workbook and the protocol of its check. Out: the same workbook with a protocol
sheet first, coloured cells and comments. Read `mark.py` first.
"""
