"""The engine: from files in an inbox to answers, bases, documents and packages in an outbox.

Read `pipeline/run.py` first. Plugins need `hookimpl` from here and the descriptors of
`pipeline.hookspecs`.
"""

from pipeline.hookspecs import hookimpl

__all__ = ["hookimpl"]
