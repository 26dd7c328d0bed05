"""Our whole way without Prefect, as one process: accept and publish."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline import run

if __name__ == "__main__":
    with run.open_exchange(Path(sys.argv[1])) as exchange:
        now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        decided = run.accept(exchange, now, quiet=0)
        run.publish(exchange, now)
        print(len(decided), file=sys.stderr)
