"""A form that nobody can use: its vocabulary is missing."""

from __future__ import annotations

from contracts.f02_curators import Curators
from contracts.form import Text, column


class Wanting(Curators):
    """A form whose vocabulary nobody brings."""

    club: Text = column("Клуб", "enum", vocabulary="clubs")

    class Config(Curators.Config):
        """As the parent, under a code of its own."""

        metadata = {
            "form": type(Curators.about())(
                **{
                    **{
                        name: getattr(Curators.about(), name)
                        for name in Curators.about().__dataclass_fields__
                    },
                    "code": "X01",
                }
            )
        }
