"""What goes up: the content of a package, drafts, approval, delivery.

In: a publication. Out: a reproducible zip for each recipient, which leaves only after a person
approved it. Read `drafts.py` first.
"""
