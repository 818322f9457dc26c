"""Altair, of which each name is looked up when something is drawn: importing it costs a third of a
second, which a build in which nothing is drawn does not spend."""

from typing import Any


def __getattr__(name: str) -> Any:
    """What Altair calls so."""
    import altair

    return getattr(altair, name)
