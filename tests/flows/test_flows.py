"""Prefect around the engine: the same results, survivable, silent about persons, dispensable."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import environment, server
from pipeline.demo.canaries import CANARIES
from pipeline.demo.workspace import write_workspace
from pipeline.errors import SettingsError
from pipeline.workspace.exchange import open_exchange
from pipeline.workspace.schedule import read_last_run
from tests.support.workspace import Opened

pytestmark = [
    pytest.mark.prefect,
    # Prefect's client leaves sockets of its own thread to the collector when a loop ends.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
# The two units with canaries, and one more.
UNITS = ("Лицей 120", "oo-112", "oo-101")
PUBLICATION = ["merge", "indicators", "documents", "package"]
STEPS = ["accept", *PUBLICATION, "deliver", "close"]


@pytest.fixture(scope="session")
def prefect(tmp_path_factory):
    """Address of the API of one Prefect server for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*environment.PRIVATE, *environment.USUAL, "PREFECT_HOME", "PREFECT_API_URL"):
            patch.setenv(name, os.environ.get(name, ""))
            patch.delenv(name)
        folder = tmp_path_factory.mktemp("prefect")
        environment.prepare(folder)
        started = server.for_this_process(folder)
        started.wait()
        # Prefect takes the address once, when it is first imported: not where a test hides it.
        import prefect.main  # noqa: F401, PLC0415  # as said

        yield started.url
        started.end()


@pytest.fixture(scope="session")
def district(tmp_path_factory):
    """A small workspace with its key, from which every test takes a copy."""
    folder = tmp_path_factory.mktemp("district")
    write_workspace(folder, schools=24)
    units = (folder / "inbox").iterdir()
    for unit in [unit for unit in units if unit.is_dir() and unit.name not in UNITS]:
        shutil.rmtree(unit)
    settings = folder / "nastavnik.toml"
    settings.write_text('keys_dir = "keys"\n' + settings.read_text("utf-8"), "utf-8")
    with open_exchange(folder):
        pass
    return folder


@pytest.fixture
def workspace(district, tmp_path):
    return Path(shutil.copytree(district, tmp_path / "one"))


@pytest.fixture(scope="session")
def expected(district, tmp_path_factory):
    """What one uninterrupted run without Prefect gives."""
    from flows import stages  # noqa: PLC0415  # the environment of `prefect` comes first

    folder = Path(shutil.copytree(district, tmp_path_factory.mktemp("direct") / "one"))
    stages.direct(folder, NOW)
    return result(folder)


def result(folder):
    """Digest of the recorded facts, and the bytes of all answers, documents and packages."""
    with open_exchange(folder) as exchange:
        digest = exchange.store.digest()
    outbox = folder / "outbox"
    files = {str(p.relative_to(outbox)): p.read_bytes() for p in outbox.rglob("*") if p.is_file()}
    return digest, files


def flow(workspace, **heard):
    """Run the cycle here; return the stages it took, with the trouble where it ended in one."""
    from flows import cycle, stages  # noqa: PLC0415  # the environment of `prefect` comes first

    steps = []
    told = stages.WATCH.set(stages.Watch(step=steps.append, **heard))
    try:
        asyncio.run(cycle.cycle(str(workspace), NOW.isoformat()))
    except stages.StageTrouble as trouble:
        return steps, trouble
    finally:
        stages.WATCH.reset(told)
    return steps, None


def command(*words, env=None):
    """Run our command line in a process of its own that knows nothing of the server here."""
    code = "from pipeline.cli import main; main()"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env={**clean, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_command_line_starts_without_prefect_pandas_and_their_like():
    code = (
        "import sys, pipeline, pipeline.cli, flows.plugin;"
        "print({'prefect', 'pandas', 'pandera', 'openpyxl', 'sqlalchemy'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_every_setting_is_one_that_prefect_knows(prefect):
    from prefect.settings import get_current_settings  # noqa: PLC0415  # as in `prefect`

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**environment.PRIVATE, **environment.USUAL}.items():
            patch.setenv(name, value)
        known = set(type(get_current_settings())().to_environment_variables(exclude_unset=True))
    ours = {*environment.PRIVATE, *environment.USUAL}
    assert {name for name in ours if name.startswith("PREFECT")} <= known


def test_flow_gives_what_a_run_without_prefect_gives(prefect, workspace, expected):
    steps, trouble = flow(workspace)
    assert (steps, trouble) == (STEPS, None)
    assert result(workspace) == expected


@pytest.mark.parametrize("event", ["submission_decided", "published"])
def test_flow_killed_between_two_stages_is_gone_on_with(
    prefect, workspace, expected, tmp_path, event
):
    """Killed at the last decision, its answer not yet written; or when all but delivery is done."""
    last = len(files(workspace)) if event == "submission_decided" else 1
    code = f"""if True:
        from datetime import datetime
        from pathlib import Path
        from flows.running import run_cycle
        if __name__ == "__main__":
            now = datetime.fromisoformat({NOW.isoformat()!r})
            run_cycle(Path({str(workspace)!r}), now, direct=False)
    """
    site = plant_killer(tmp_path / "site", event, last)
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": site}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert result(workspace) != expected
    assert flow(workspace) == (STEPS, None)
    assert result(workspace) == expected


def files(workspace):
    """Files that a run will take from the inbox."""
    return Opened(workspace).waiting()


def plant_killer(site, event, after):
    """Install a plugin that kills its process at the event number *after*; return where."""
    words = {"submission_decided": "number, unit, outcome", "published": "period, digest"}
    info = site / "killer-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: killer\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[nastavnik]\nkiller = killer\n")
    (site / "killer.py").write_text(
        "import os, signal\nfrom pipeline.hookspecs import hookimpl\nheard = []\n"
        f"@hookimpl\ndef {event}({words[event]}):\n"
        f"    heard.append(1)\n    if len(heard) == {after}:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    return os.pathsep.join((str(site), os.environ.get("PYTHONPATH", "")))


def test_only_the_delivery_is_tried_again(prefect, workspace, expected, monkeypatch):
    impatient(monkeypatch)
    share = workspace / "outbox" / "КРИРПО"
    share.write_text("a file where the recipient's folder should be")
    troubles = []

    def trouble(what):
        troubles.append((what.kind, what.temporary))
        if len(troubles) == 2:
            share.unlink()

    steps, failed = flow(workspace, trouble=trouble)
    assert failed is None
    assert troubles == [("DeliveryError", True)] * 2
    assert steps == ["accept", *PUBLICATION, "deliver", "deliver", "deliver", "close"]
    assert result(workspace) == expected


def test_delivery_that_never_heals_is_given_up_and_said(prefect, workspace, monkeypatch):
    impatient(monkeypatch)
    (workspace / "outbox" / "КРИРПО").write_text("in the way")
    steps, failed = flow(workspace)
    assert steps == ["accept", *PUBLICATION, *["deliver"] * 4]
    assert (failed.kind, failed.exit_code) == ("DeliveryError", 20)
    assert read_last_run(workspace / ".nastavnik").error == "DeliveryError"
    assert "не закончен" in (workspace / "outbox" / "Сегодня.html").read_text("utf-8")


def impatient(monkeypatch):
    from flows import cycle  # noqa: PLC0415  # the environment of `prefect` comes first

    at_once = cycle.deliver_packages.with_options(retry_delay_seconds=0)
    monkeypatch.setattr(cycle, "deliver_packages", at_once)


def test_what_another_try_cannot_heal_is_tried_once_and_told_without_values(prefect, workspace):
    (workspace / "units.csv").write_text("code;short_name\n;Канарейцев\n", "utf-8")
    steps, failed = flow(workspace)
    assert steps == ["accept"]
    assert (failed.kind, failed.exit_code) == (SettingsError.__name__, SettingsError.exit_code)
    assert failed.__cause__ is None
    assert failed.__context__ is None
    assert "units.csv" not in str(failed)


def test_run_of_its_own_server_says_json_and_nothing_of_a_person_stays_with_prefect(workspace):
    done = command("-C", workspace, "--json", "run")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {one["unit"] for one in answer["files"]} >= {"oo-120", "oo-112"}
    assert answer["delivered"][0]["state"] == "delivered"
    assert done.stderr == ""
    kept = [p for p in (workspace / ".nastavnik/prefect").rglob("*") if p.is_file()]
    stored = b"".join(path.read_bytes() for path in kept)
    assert b"KPI70-A" in stored, "artifacts are there to be searched"
    assert b"oo-120" in stored
    for canary in CANARIES:
        assert canary not in done.stdout + done.stderr
        assert canary.encode() not in stored
        assert json.dumps(canary).strip('"').encode() not in stored
    assert canaries_came(workspace), "otherwise nothing was searched for"


def canaries_came(workspace):
    with open_exchange(workspace) as exchange:
        rows = exchange.store.rows_in_force("2026-2027")
    return any(canary in str(row.values) for row in rows for canary in CANARIES)


def test_without_a_server_the_run_says_so_and_goes_on(prefect, workspace, monkeypatch, capsys):
    from flows.running import run_cycle  # noqa: PLC0415  # the environment of `prefect` comes first

    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setattr(server, "_arguments", lambda _port: ("no.such:app",))
    answer = run_cycle(workspace, NOW, direct=False)
    assert answer["delivered"][0]["state"] == "delivered"
    assert not files(workspace)
    said = capsys.readouterr()
    assert said.err.strip() == (
        "Prefect не работает (ServerError): продолжаю без него. На данные это не влияет."
    )
    assert said.out == ""


def test_second_run_of_a_process_uses_the_same_server(prefect, workspace, capsys):
    from flows.running import run_cycle  # noqa: PLC0415  # as above

    for _ in range(2):
        run_cycle(workspace, NOW, direct=False)
    assert capsys.readouterr().err == ""


def test_trouble_of_ours_ends_the_run_with_its_own_code_and_sentence(prefect, workspace):
    (workspace / "nastavnik.toml").write_text('level = "мир"\n', "utf-8")
    done = command("-C", workspace, "run", env={"PREFECT_API_URL": prefect})
    assert done.returncode == SettingsError.exit_code
    assert "level" in done.stderr
    assert "Traceback" not in done.stderr


def _ask_until_taken(ask, tries=20):
    """A server whose own services hold its base answers 503, and asks to be asked again."""
    for left in reversed(range(tries)):
        try:
            urllib.request.urlopen(ask).close()
        except urllib.error.HTTPError as error:
            if error.code != 503 or not left:
                raise
            time.sleep(0.5)
        else:
            return


def test_schedule_of_the_settings_becomes_runs_that_prefect_can_call_late(prefect, workspace):
    from prefect import get_client  # noqa: PLC0415  # as in `prefect`

    from flows import service  # noqa: PLC0415  # as above
    from pipeline.workspace.settings import load_settings  # noqa: PLC0415  # as above

    async def scheduled():
        made = await service._deployments(workspace, load_settings(workspace))
        assert [d.entrypoint for d in made if d.schedules] == ["flows.cycle.cycle"]
        deployment = await made[0].aapply()
        # What the server does by itself every minute; by hand, so that a failure is told at once.
        ask = urllib.request.Request(f"{prefect}/deployments/{deployment}/schedule", b"{}")
        ask.add_header("Content-Type", "application/json")
        _ask_until_taken(ask)
        async with get_client() as client:
            runs = await client.get_scheduled_flow_runs_for_deployments([deployment])
        return [run.expected_start_time for run in runs]

    times = [moment.astimezone(UTC) for moment in asyncio.run(scheduled())]
    assert times
    assert {(t.hour, t.minute) for t in times} == {(11, 30)}
    assert all(t.weekday() < 5 for t in times)


@pytest.mark.skipif(os.name != "posix", reason="has no modes of files")
def test_nobody_else_may_look_into_what_prefect_keeps(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    environment.prepare(tmp_path)
    for folder in (environment.home(tmp_path), environment.home(tmp_path).parent):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="kills a process the POSIX way")
def test_server_ends_with_a_killed_parent(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from flows import environment, server;"
        "folder = Path(sys.argv[1]); environment.prepare(folder);"
        "print(server._start(folder, server._free_port(), console=False).process.pid, flush=True);"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
    ) as parent:
        server = Path("/proc") / parent.stdout.readline().strip()
        assert server.exists()
        parent.kill()
    until = time.monotonic() + 20
    while server.exists() and "Z" not in (server / "stat").read_text().split()[2]:
        assert time.monotonic() < until, "the server outlived its parent"
        time.sleep(0.1)
