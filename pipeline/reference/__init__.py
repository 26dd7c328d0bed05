"""The generated pages of docs/: `forms.py` from the contracts, `program.py` from the program."""
