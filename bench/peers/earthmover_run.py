"""earthmover reads the two lists of each book, names their columns, stacks them, writes JSON lines.

Its pins are not ours, so it lives in an environment of its own: `make bench-peers`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees

# The blank has its titles in row 4.
HEADER = 4
# Its own template cannot write dates.
LINE = (
    "{ {% for name, value in __row_data__.pop('__row_data__').items() %}"
    '"{{ name }}": {{ value | string | tojson }}{% if not loop.last %}, {% endif %}{% endfor %} }'
)


def config(inbox: Path, out: Path) -> str:
    """Return the recipe of a run as YAML."""
    lines = ["version: 2", "config:", f"  output_dir: {out}", "sources:"]
    stacks: dict[str, list[str]] = {}
    for form in (Mentors, Mentees):
        plan = form.plan()
        for number, path in enumerate(sorted(inbox.rglob("*.xlsx"))):
            name = f"{plan.name}_{number}"
            stacks.setdefault(plan.name, []).append(name)
            columns = ", ".join(column.name for column in plan.columns)
            lines += [
                f"  {name}:",
                f"    file: '{path}'",
                "    type: excel",
                f"    sheet: '{plan.sheet}'",
                f"    columns: [{columns}]",
                "    rename_cols: True",
                f"    header_rows: {HEADER}",
            ]
    lines.append("transformations:")
    for stack, sources in stacks.items():
        first, *others = (f"$sources.{name}" for name in sources)
        lines += [f"  {stack}:", f"    source: {first}", "    operations:"]
        lines += ["      - operation: union", f"        sources: [{', '.join(others)}]"]
    lines.append("destinations:")
    for stack in stacks:
        lines += [f"  {stack}_out:", f"    source: $transformations.{stack}"]
        lines += [f"    template: {out}/line.jsont", "    extension: jsonl", "    linearize: True"]
    return "\n".join(lines)


def main(earthmover: str, inbox: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "line.jsont").write_text(LINE)
    (out / "earthmover.yaml").write_text(config(inbox, out), encoding="utf-8")
    command = [earthmover, "run", "-c", str(out / "earthmover.yaml"), "-f"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
