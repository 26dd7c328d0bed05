"""Runs two commits over one corpus and lists what they say differently: `make compare REF=…`.

`corpus` writes the input files once, `trees` runs each commit over a copy of them, `collect` reads
what came out as content, `differ` finds the differences and `report` prints them.
"""
