"""Does with one workspace what its plan says; started by the interpreter of each commit.

`python -I driver.py <place> <folder of workspaces>`. It knows only names of the program that stay
when rooms are moved: `pipeline.run` and the command line with its `now`.
"""

import json
import os
import shutil
import sys
import traceback
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pipeline import cli, run

Step = dict[str, Any]


class Driver:
    """One workspace, and what its commands answered."""

    def __init__(self, source: Path, place: Path) -> None:
        self.source, self.place = source, place
        self.workspace = place / "workspace"
        self.said: list[dict[str, object]] = []
        shutil.copytree(source / "start", self.workspace)
        (self.workspace / ".nastavnik").chmod(0o700)
        (place / "answers").mkdir()
        (self.workspace / "outbox" / "export").mkdir(parents=True)
        os.chdir(self.workspace)

    def follow(self, plan: list[Step]) -> None:
        """Take every step; one that fails is told and the others go on."""
        for step in plan:
            getattr(self, f"do_{step['do']}")(step)
        text = json.dumps(self.said, ensure_ascii=False, indent=1)
        (self.place / "said.json").write_text(text, encoding="utf-8")

    def do_accept(self, step: Step) -> None:
        """Accept what waits, without the pause in which a file could still be growing."""
        try:
            with run.open_exchange(Path()) as exchange:
                run.accept(exchange, datetime.fromisoformat(step["now"]), quiet=0)
            self.tell("accept", 0, "")
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what this commit says
            traceback.print_exc()
            self.tell("accept", 1, f"{type(error).__name__}: {error}")

    def do_command(self, step: Step) -> str:
        """Type one command and keep its answer where the plan says so."""
        moment = datetime.fromisoformat(step["now"])
        cli.now = lambda: moment
        done = CliRunner().invoke(cli.cli, step["args"])
        trouble = done.exception if not isinstance(done.exception, SystemExit) else None
        if trouble is not None:
            traceback.print_exception(trouble)
        text = done.output if done.exit_code else ""
        words = f"{type(trouble).__name__}: {trouble}" if trouble else text
        self.tell(" ".join(step["args"]), done.exit_code, words)
        answer = done.stdout.replace(str(self.workspace), "<workspace>")
        if step.get("save"):
            (self.place / "answers" / step["save"]).write_text(answer, encoding="utf-8")
        return answer

    def do_drop(self, _step: Step) -> None:
        """Let the second wave come in."""
        shutil.copytree(self.source / "wave2", self.workspace / "inbox", dirs_exist_ok=True)

    def do_keep(self, step: Step) -> None:
        """Put aside what later runs write anew; answers and packages stay where they are."""
        skip = shutil.ignore_patterns("Приём*", "packages", "КРИРПО", "export")
        shutil.copytree("outbox", self.place / "kept" / step["save"], ignore=skip)

    def do_answer(self, step: Step) -> None:
        """Answer the questions of each kind with its choices in turn, and leave every fourth."""
        asked = json.loads(self.do_command({**step, "args": ["--json", "questions"]}))
        kinds: Counter[str] = Counter()
        for question in asked["questions"]:
            number = kinds[question["kind"]]
            kinds[question["kind"]] += 1
            choices = sorted(question["choices"])
            if number % 4 < 3:
                choice = choices[number % len(choices)]
                args = ["questions", question["id"], choice, "--who", "Синицына В.П."]
                self.do_command({**step, "args": args})

    def tell(self, what: str, code: int, words: str) -> None:
        """Remember how a step ended."""
        words = words.replace(str(self.workspace), "<workspace>")
        self.said.append({"step": what, "exit": code, "words": words})


if __name__ == "__main__":
    if not hasattr(cli, "now"):
        sys.exit("pipeline.cli has no clock «now» that could be set")
    source = Path(sys.argv[1])
    Driver(source, Path(sys.argv[2])).follow(
        json.loads((source / "plan.json").read_text(encoding="utf-8"))
    )
