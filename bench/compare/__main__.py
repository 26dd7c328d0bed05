"""Starts a comparison: `python -m bench.compare --ref …`."""

import sys

from bench.compare.run import main

if __name__ == "__main__":
    sys.exit(main())
