"""The bytes of one file become a parsed file, inside a limited child process.

In: the path of a file in the archive. Out: its forms as columns of canonical values with notices,
and later its own workbook with our marks. `pool.py` is the parent's side, `child.py` the child's;
nothing of a stranger's bytes is touched anywhere else. Read `child.py` first.
"""
