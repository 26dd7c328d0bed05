"""What a run stands on: settings, the registry of units, plugins, keys, the lock.

In: a folder with `nastavnik.toml` and `units.csv`. Out: the open `Exchange`, which every step
takes. Read `exchange.py` first.
"""
