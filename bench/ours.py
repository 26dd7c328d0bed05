"""Our whole way without Prefect, as one process: `accept`, `publish`, or both.

With `stages` it prints as JSON what each stage took; see `bench.stages`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def main(workspace: Path, steps: list[str]) -> None:
    """Go through *steps* in the workspace."""
    watched = None
    if "stages" in steps:
        from bench import stages  # noqa: PLC0415  # an ordinary run is not watched

        watched = stages.watch()
    from pipeline import run  # noqa: PLC0415  # after the timers know what they time

    with run.open_exchange(workspace) as exchange:
        if "accept" in steps:
            run.accept(exchange, NOW, quiet=0)
        if "publish" in steps:
            published = run.publish(exchange, NOW)
            if published.failed:
                raise SystemExit(f"not published: {published.failed}")
    if watched:
        print(json.dumps(watched.told()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
