"""The sample district behind `nastavnik demo`."""
