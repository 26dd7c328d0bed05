"""What a file holds: its Паспорт, its forms and their rows, found by content.

Runs in the limited child process: plain Python and rapidfuzz. Nothing is looked up by the name or
the position of a sheet; names only tip the scales where headers fit two forms. Whatever a grid
holds, the answer is a `ParsedFile`: bad data becomes a notice.
"""

from pipeline.recognise.file import recognise

__all__ = ["recognise"]
