"""Self-contained html pages, and letters, from templates; every value in a page is escaped."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def render(template: str, **words: object) -> bytes:
    """Return the page that *template* of `pipeline/render/templates/` makes of *words*."""
    return _environment().get_template(template).render(**words).encode()


@functools.cache
def _environment() -> jinja2.Environment:
    """Compiling a template takes longer than filling it, so it is done once."""
    import jinja2  # noqa: PLC0415  # commands that write no page must not pay for it

    return jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.render", "templates"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
