"""Whoever draws, on all cores at once where it is told beforehand what will be wanted."""

from collections.abc import Sequence

from markupsafe import Markup

from explainer.figures.draw import Drawing, Job, Progress, draw_all, raster_all, runtime
from explainer.figures.vega import Looks
from explainer.memo import Cache
from explainer.problems import Fault


class Drawer:
    """Draws with looks, and keeps what it has drawn.

    A pass may be given one: what it draws is decided by what it is asked for and by the looks.
    """

    def __init__(self, store: Cache, looks: Looks, progress: Progress):
        self.key, self.colors, self.darks = looks.digest, looks.colors, looks.darks
        self._store, self._looks, self._progress = store, looks, progress
        self._drawn: dict[str, Drawing | Fault] = {}
        self._enlarged: dict[tuple[str, float], bytes] = {}

    def draw(self, jobs: Sequence[Job]) -> None:
        """Draw what will be wanted."""
        new = {key: job for job in jobs if (key := job.key(self._looks)) not in self._drawn}
        made = draw_all(list(new.values()), self._store, self._looks, self._progress)
        self._drawn |= dict(zip(new, made, strict=True))

    def drawings(self, jobs: Sequence[Job]) -> list[Drawing | Fault]:
        """The drawings of some jobs, or why there is none."""
        self.draw(jobs)
        return [self._drawn[job.key(self._looks)] for job in jobs]

    def enlarge(self, pictures: Sequence[tuple[str, float]]) -> None:
        """Make the pictures in pixels that will be wanted, each of an SVG and a scale."""
        new = [picture for picture in dict.fromkeys(pictures) if picture not in self._enlarged]
        made = raster_all(new, self._store, self._looks, self._progress)
        self._enlarged |= dict(zip(new, made, strict=True))

    def enlarged(self, svg: str, scale: float) -> bytes:
        """An SVG as a PNG."""
        self.enlarge([(svg, scale)])
        return self._enlarged.pop((svg, scale))

    def runtime(self) -> bytes:
        """The Vega runtime as one classic script."""
        return runtime(self._store)


class Undrawn(Drawer):
    """Leaves every drawing blank: enough for who asks only which pages there are."""

    def drawings(self, jobs: Sequence[Job]) -> list[Drawing | Fault]:
        """Blank ones, as many as jobs."""
        return [Drawing(Markup(""), {}, 1, 1, ()) for _ in jobs]
