"""Workbooks as LibreOffice has saved them, for schools of the demo that use it."""
