"""How files for people are written: workbooks, html pages, values as a person reads them."""
