"""The workbench: builds the site again and again, and keeps at hand what it worked out."""

import contextlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from explainer.memo import Cache, Memo
from explainer.output.publish import PublishError
from explainer.problems import ContentError, Place, Problem, Rule, shown
from explainer.project import Setup, Snapshot, take
from explainer.workers import Call, share

if TYPE_CHECKING:
    from explainer.pages.files import Output


@dataclass(frozen=True)
class Made:
    """What a build came to: a site, or why there is none."""

    files: "Mapping[str, Output] | None" = None
    """Every file of the site by its path; None where there were errors."""
    problems: Sequence[Problem] = ()
    """Errors and warnings, by place."""
    failure: str = ""
    """What a bug of the generator left: the last lines of Python's account of it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many pages, charts, claims and drafts the site has."""


class Workbench:
    """Builds the site of a setup when asked to, each time from a new snapshot."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._snapshot: Snapshot | None = None
        self._memo: Memo | None = None
        self._sound: Mapping[str, str] = {}
        """The templates of which every page could be made, by their keys."""
        self._warm = False

    def build(
        self,
        progress: Callable[[int, int], None] = lambda done, all: None,
        early: "Callable[[Mapping[str, Output]], object]" = lambda files: None,
    ) -> Made:
        """Build the site as its files are now. Raises nothing but KeyboardInterrupt.

        Where only the content is new, `early` is given its files as soon as they can be asked for,
        while those that nobody asks for yet are still to be made.
        """
        try:
            from explainer import site  # Here, where what is wrong with the code can be told.

            snapshot = self._snapshot = take(self._setup, self._snapshot)
            memo = self._memo = self._memo or Memo(Cache(self._setup.cache), snapshot.program)
            templates = {name: blob.key for name, blob in snapshot.templates.items()}
            show = early if templates == self._sound else site.unseen
            made = site.make(self._setup, memo, snapshot, progress, early=show)
            self._sound = templates
            memo.forget()
        except ContentError as error:
            return Made(problems=error.problems)
        except PublishError as error:
            # The schema for editors, which stands beside the data file.
            place = Place(shown(self._setup.content), 1)
            return Made(problems=[Problem(place, Rule.BAD_OUTPUT, str(error))])
        except Exception:
            return Made(failure=traceback.format_exc(limit=-8))
        counts = {name: getattr(made, name) for name in ("pages", "charts", "claims", "drafts")}
        return Made(made.files, made.warnings, counts=counts)

    def prune(self) -> None:
        """Delete what is kept on disk beyond what a project may keep."""
        if self._memo:
            self._memo.store.prune()

    def warm_up(self) -> None:
        """Load what draws, on two cores, so that no change to a chart need wait for it."""
        if not self._warm:
            self._warm = True
            with contextlib.suppress(Exception):
                from explainer.figures import vega

                share([Call(vega.warm_up)] * 2, 1, lambda number, given: None)
