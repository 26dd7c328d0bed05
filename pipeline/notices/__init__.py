"""The catalogue: every notice a person can get, with its Russian sentences and severity.

`catalogue.py` finds and fills the sentences, `kind.py` is what a plugin makes its own of; the other
files hold the kinds by what they speak of.
"""
