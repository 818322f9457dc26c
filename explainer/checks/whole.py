"""The whole of a site as it was read, which is what checks look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from explainer.data.dataset import Dataset
from explainer.notes.note import Note
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class Project:
    """Everything that was read, before anything is drawn."""

    dataset: Dataset
    voices: Mapping[str, Voice]
    notes: Sequence[Note]
    languages: Sequence[str]
    content: Path
    templates: Path
    broken: frozenset[Path] = frozenset()
    """Notes whose front matter cannot be used: told of already, and to be missed by nobody."""
