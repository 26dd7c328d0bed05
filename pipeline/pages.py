"""Self-contained html pages from templates; every value is escaped."""

from __future__ import annotations


def render(template: str, **words: object) -> bytes:
    """Return the page that *template* of `pipeline/templates/` makes of *words*."""
    import jinja2  # noqa: PLC0415  # commands that write no page must not pay for it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**words).encode()
