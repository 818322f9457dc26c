"""What is wrong with what `site:` says of its logo and its colours."""

from collections.abc import Iterator

from explainer.charts.colors import READABLE, SOFTENED, VISIBLE, alike, contrast, legible
from explainer.charts.theme import TOKENS
from explainer.data.dataset import Dataset
from explainer.data.models import Colors, Shades
from explainer.notes.images import refuse_picture
from explainer.problems import Fault, KeyPath, Report, Rule, choices, did_you_mean
from explainer.project import Folder

PAGES = ("light", "dark")


def check_site(report: Report, dataset: Dataset, content: Folder) -> None:
    """The logo is a picture that may be published; the colours can be read and told apart."""
    site, report = dataset.site, report.of(dataset.document, "site")
    if site and site.logo:
        with report.at("logo", "file").catching():
            _refuse_logo(site.logo.file, content)
    if site and site.colors:
        for fault in _faults(site.colors):
            report.tell(fault)


def _refuse_logo(name: str, content: Folder) -> None:
    """Raise a `Fault` where a file is no logo."""
    if name not in content or content[name].outside:
        pictures = [name for name in content if "/" not in name and name.endswith((".svg", ".png"))]
        hint = did_you_mean(name, pictures) or (
            f"pictures there: {choices(pictures)}"
            if pictures
            else "put the picture into the content folder, under this name and no other"
        )
        raise Fault(Rule.BAD_IMAGE, f'no picture "{name}" beside the notes', hint)
    refuse_picture(content[name].content, name)


def _faults(colors: Colors) -> Iterator[Fault]:
    """What is wrong with colours; only what can be read is compared."""
    keyed: list[tuple[KeyPath, str, float, Shades]] = []
    if colors.accent:
        keyed.append((("accent",), "accent", READABLE, colors.accent))
    for index, hue in enumerate(colors.products):
        # The word of a product stands in its colour where there are few.
        least = READABLE if index < SOFTENED else VISIBLE
        keyed.append((("products", index), f"product color {index + 1}", least, hue))
    faint = False
    for key, name, least, own in keyed:
        for page, paper in zip(PAGES, TOKENS["--chart-paper"], strict=True):
            color = getattr(own, page)
            if contrast(color, paper) >= least:
                continue
            faint = True
            ratio = f"a contrast of {contrast(color, paper):.1f} with the {page} page"
            message = f'the {name} "{color}" has {ratio}; {least} is the least'
            hint = f'"{legible(color, paper, least)}" would do'
            yield Fault(Rule.BAD_COLOR, message, hint, path=("colors", *key, page))
    for page in () if faint else PAGES:
        for one, other, who in alike([getattr(hue, page) for hue in colors.products]):
            message = f"on the {page} page, product colors {one} and {other} look alike to {who}"
            path = ("colors", "products", other - 1, page)
            yield Fault(Rule.BAD_COLOR, message, "make one of them lighter or darker", path=path)
