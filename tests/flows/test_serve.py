"""`serve`: hears of files however they come, is alone in its workspace, and ends cleanly."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flows import artifacts, environment, server
from flows.inbox import Drops, _observer, watched
from flows.stages import Board, Figure
from pipeline import system
from pipeline.demo.workspace import write_workspace
from pipeline.errors import BusyError
from pipeline.workspace.lock import hold

BOARD = Board(
    states=(("oo-101", {"F01": "accepted", "F04": "none"}), ("oo-102", {"F01": "held"})),
    figures=(
        Figure("KPI70-A", 0.661, 0.709, 84, 127, 20, 24),
        Figure("X", None, None, 0, 0, 0, 24),
    ),
    questions=3,
    drafts=1,
)


def wait_for(what, seconds=10.0):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "oo-101").mkdir(parents=True)
    return folder


def test_file_is_heard_of_once_it_has_come_whole(inbox):
    drops = Drops()
    with watched(inbox, drops):
        (inbox / "oo-101" / "book.xlsx").write_bytes(b"x")
        wait_for(lambda: drops.settled(quiet=0.3))
        assert not drops.settled(quiet=0)


def test_file_moved_in_from_elsewhere_is_heard_of(inbox, tmp_path):
    (tmp_path / "copy.part").write_bytes(b"x")
    drops = Drops()
    with watched(inbox, drops):
        (tmp_path / "copy.part").rename(inbox / "oo-101" / "book.xlsx")
        wait_for(lambda: drops.settled(quiet=0.1))


def test_growing_file_is_waited_for(inbox):
    drops = Drops()
    with watched(inbox, drops), (inbox / "book.xlsx").open("wb", buffering=0) as book:
        for _ in range(10):
            book.write(b"x")
            time.sleep(0.05)
            assert not drops.settled(quiet=0.5)


def test_taking_answered_files_away_is_no_news(inbox):
    (inbox / "book.xlsx").write_bytes(b"x")
    drops = Drops()
    with watched(inbox, drops):
        (inbox / "book.xlsx").unlink()
        (inbox / "empty").mkdir()
        time.sleep(0.3)
        assert not drops.settled(quiet=0)


def test_inbox_that_was_away_is_watched_when_it_is_back(inbox):
    shutil.rmtree(inbox)
    drops = Drops()
    with watched(inbox, drops) as watch:
        assert not watch.keep()
        inbox.mkdir()
        assert watch.keep()
        (inbox / "book.xlsx").write_bytes(b"x")
        wait_for(lambda: drops.settled(quiet=0.1))


def test_share_is_looked_at_because_nothing_tells_of_it(inbox, monkeypatch):
    monkeypatch.setattr(system, "on_network", lambda _folder: True)
    observer = _observer(inbox, Drops())
    try:
        assert type(observer).__name__ == "PollingObserver"
    finally:
        observer.stop()
        observer.join()


def test_folder_of_this_disk_is_no_share(tmp_path):
    assert system.on_network(tmp_path) is False


def test_second_serve_of_a_workspace_is_refused(tmp_path):
    with (
        hold(environment.home(tmp_path)),
        pytest.raises(BusyError, match="serve уже запущен"),
        server.kept(tmp_path),
    ):
        pass


def test_server_that_cannot_start_is_given_up_at_once(tmp_path, monkeypatch):
    environment.home(tmp_path).mkdir(parents=True)
    monkeypatch.setattr(server, "_arguments", lambda _port: ("no.such:app",))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    started = server.for_this_process(tmp_path)
    with pytest.raises(server.ServerError, match="code 1"):
        started.wait(seconds=60)
    assert "PREFECT_API_URL" not in os.environ


def test_console_takes_the_next_port_where_the_usual_one_is_taken(monkeypatch):

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(server, "CONSOLE_PORT", port)
        assert server._console_port() != port


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        ("socks://127.0.0.1:1080/", False),
        ("socks5h://127.0.0.1:1080", False),
        ("http://прокси:порт", False),
        ("http://", False),
        ("http://proxy.example.org:3128", True),
        ("proxy.example.org:3128", True),
    ],
)
def test_a_proxy_that_the_library_refuses_is_not_for_us(tmp_path, monkeypatch, value, stays):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ.update({"ALL_PROXY": value, "https_proxy": value})
    environment.prepare(tmp_path)
    assert ("ALL_PROXY" in os.environ, "https_proxy" in os.environ) == (stays, stays)
    assert "127.0.0.1" in os.environ["NO_PROXY"]


@pytest.mark.parametrize(("home", "is_ours"), [("", True), ("elsewhere", False)])
def test_what_answers_is_asked_whose_server_it_is(tmp_path, monkeypatch, home, is_ours):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"home": str(tmp_path / home)}).encode())

        def log_message(self, *_words):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as other:
        threading.Thread(target=other.handle_request, daemon=True).start()
        assert server.ours(other.server_port) is is_ours


def test_page_of_a_run_says_what_came_where_figures_stand_and_what_waits():
    page = artifacts.page({"files": 5, "accepted": 3, "rejected": 2}, {"failed": 1}, BOARD)
    assert "| Принято | 3 |" in page
    assert "| **Всего** | **5** |" in page
    assert "| KPI70-A | 66,1 % – 70,9 % | 84 из 127 | 20 из 24 ОО |" in page
    assert "| X | н/д – н/д |" in page
    assert "вопросов без решения: 3" in page
    assert "не выпущено документов и показателей: 1" in page


def test_table_of_a_run_names_units_by_code():
    assert artifacts.table(BOARD) == [
        {"ОО": "oo-101", "F01": "Принято", "F04": "Не сдано"},
        {"ОО": "oo-102", "F01": "Отложено"},
    ]


@pytest.mark.heavy
@pytest.mark.prefect
@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C the POSIX way")
def test_served_workspace_answers_a_dropped_file_and_ends_with_ctrl_c(tmp_path):
    write_workspace(tmp_path, schools=24)
    waiting = tmp_path.parent / "later"
    shutil.move(tmp_path / "inbox" / "oo-101", waiting)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    command = (sys.executable, "-c", "from pipeline.cli import main; main()")
    with subprocess.Popen(
        [*command, "-C", tmp_path, "serve"], env=clean, stdout=subprocess.PIPE, text=True
    ) as served:
        answers = tmp_path / "outbox" / "units"
        # What lay there before is answered at the start.
        wait_for((tmp_path / "outbox" / "Сегодня.html").is_file, 90)
        assert not (answers / "oo-101").exists()
        shutil.move(waiting, tmp_path / "inbox" / "oo-101")
        wait_for((answers / "oo-101").exists, 60)
        served.send_signal(signal.SIGINT)
        said = served.communicate(timeout=30)[0]
    assert served.returncode == 0
    assert "пульт оператора: http://127.0.0.1:" in said
    assert said.endswith("Остановлено.\n")


@pytest.mark.heavy
@pytest.mark.prefect
@pytest.mark.skipif(os.name != "posix", reason="sends SIGTERM the POSIX way")
def test_serve_lives_with_an_odd_path_an_odd_proxy_and_a_server_that_dies(tmp_path):
    """Its console's port is taken too; it says a line a file, and ends without a foreign word."""
    workspace = tmp_path / "округ #1 50% ?"
    write_workspace(workspace, schools=24)
    waiting = tmp_path / "later"
    shutil.move(workspace / "inbox" / "oo-101", waiting)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    clean["ALL_PROXY"] = "socks://127.0.0.1:1080/"
    command = (
        "from flows import server; server.CONSOLE_PORT = {}; from pipeline.cli import main; main()"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = command.format(taken.getsockname()[1])
        served = subprocess.Popen(
            [sys.executable, "-c", code, "-C", str(workspace), "serve"],
            env=clean,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_for((workspace / "outbox" / "Сегодня.html").is_file, 120)
            (pid,) = children(served.pid, "flows.watchdog")
            os.kill(pid, signal.SIGKILL)
            time.sleep(2)
            shutil.move(waiting, workspace / "inbox" / "oo-101")
            wait_for((workspace / "outbox" / "units" / "oo-101").exists, 120)
            served.send_signal(signal.SIGTERM)
            said = served.communicate(timeout=30)[0]
        finally:
            served.kill()
            served.communicate()
    assert served.returncode == 0, said
    assert "Сервер Prefect остановился" in said
    assert re.search(r"Приём № \d+: .+ – принято", said), said
    assert said.endswith("Остановлено.\n")
    assert children_of_home(workspace) == []
    left = said.replace(str(workspace / "inbox"), " ")
    left = re.sub(r"Prefect|Ctrl-C|http://127\S+|\(Asia/\w+\)", " ", left)
    assert re.findall(r"[A-Za-z]{3,}", left) == [], said


def children(parent, word):
    """Processes below *parent* whose command holds *word*."""
    table = subprocess.run(
        ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[1:]
    lines = [line.split(None, 2) for line in table]
    return [int(pid) for pid, ppid, args in lines if int(ppid) == parent and word in args]


def children_of_home(workspace):
    """Servers that still keep their things in *workspace*."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(workspace):
                found.append(process.name)
        except OSError:
            continue
    return found
