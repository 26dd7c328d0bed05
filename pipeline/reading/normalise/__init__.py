"""One cell becomes one canonical value, or a notice that says why not.

In: what stood in the cell and the column's plan. Out: the value, what stood there, what was
changed. CellResult `cells.py` first.
"""
