"""Compares what this tree says of one corpus with what another commit says of it."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.compare import corpus, frozen, report, trees
from bench.compare.collect import Content, collect
from bench.compare.differ import differences

_TROUBLE = 2


def say(tree: Path, files: Path, scratch: Path) -> Content:
    """Run a tree over the corpus in *files* and return what it said."""
    scratch.mkdir()
    out = scratch / "out"
    trees.drive(trees.interpreter(tree, scratch), files, out)
    return collect(out, corpus.inputs(files))


def compare(asked: argparse.Namespace, scratch: Path) -> int:
    """Do what was asked; return the exit code."""
    files = scratch / "corpus"
    files.mkdir()
    with contextlib.ExitStack() as held:
        tree, now = trees.ROOT, "this tree"
        if asked.now:
            tree = held.enter_context(trees.checked_out(asked.now, scratch / "new-tree"))
            now = trees.commit_of(asked.now)
        if asked.against:
            before = asked.against.name
            old = frozen.load(asked.against, files)
            new = say(tree, files, scratch / "now")
        else:
            corpus.write(files, asked.only, asked.schools)
            if not asked.ref:
                frozen.save(asked.save, say(tree, files, scratch / "now"), files)
                print(f"What {now} says is kept in {asked.save}.")
                return 0
            before = trees.commit_of(asked.ref)
            old_tree = held.enter_context(trees.checked_out(asked.ref, scratch / "old-tree"))
            old, new = _both(old_tree, tree, files, scratch)
            if asked.save:
                frozen.save(asked.save, old, files)
    count = f"{len(new.said)} submissions, {len(new.figures)} figures, {len(new.files)} files"
    print(f"Before: {before}. Now: {now}. {count}.")
    found = differences(old, new)
    for line in report.lines(found, limit=asked.limit, verbose=asked.verbose):
        print(line)
    return int(found.any)


def _both(old: Path, new: Path, files: Path, scratch: Path) -> tuple[Content, Content]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        before = pool.submit(say, old, files, scratch / "before")
        now = pool.submit(say, new, files, scratch / "now")
        return before.result(), now.result()


def main(args: list[str] | None = None) -> int:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(prog="bench.compare", description=__doc__)
    parser.add_argument("--ref", default="", help="the commit to compare this tree with")
    parser.add_argument("--now", default="", help="a commit to take instead of this tree")
    parser.add_argument("--against", type=Path, help="compare with what --save kept instead")
    parser.add_argument("--save", type=Path, help="keep what REF (without it: now) said")
    parser.add_argument("--only", nargs="+", default=[], choices=["district", "messy", "notices"])
    parser.add_argument("--schools", type=int, default=0, help="a small clean district instead")
    parser.add_argument("--limit", type=int, default=12, help="entries shown of each list")
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything")
    asked = parser.parse_args(args)
    if not (asked.ref or asked.against or asked.save):
        parser.error("say what to compare with: --ref, --against, or --save alone")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nastavnik-compare-") as scratch:
        try:
            code = compare(asked, Path(scratch))
        except trees.ComparisonError as error:
            print(f"Cannot compare: {error}", file=sys.stderr)
            return _TROUBLE
    print(f"({time.perf_counter() - began:.0f} s)")
    return code
