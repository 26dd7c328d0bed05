"""What the data must look like: one contract per form, and the vocabularies they use.

Importing this package loads nothing heavy: `contracts.plan` and `contracts.vocabularies` are
plain Python (workers and `--help` need them), the modules of the forms need pandera.
"""
