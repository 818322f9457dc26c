"""What a reader can tell apart in our charts, computed from the colours themselves."""

import json
import re

import pytest

from explainer.charts import plot, theme

PAGES = pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
SERIES = ["--series-1", "--series-2", "--series-3"]


def luminance(color: str) -> float:
    """The relative luminance of a hex colour, as WCAG 2.2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, page: int) -> float:
    lighter, darker = sorted(
        (luminance(theme.TOKENS[token][page]) for token in (one, other)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


@PAGES
@pytest.mark.parametrize("text", ["--chart-ink", "--chart-muted", *SERIES])
def test_text_reads_on_paper(text: str, page: int) -> None:
    # The series count as text, because the word of a product stands in its colour.
    assert contrast(text, "--chart-paper", page) >= 4.5


@PAGES
@pytest.mark.parametrize("series", SERIES)
def test_ink_reads_on_every_soft_fill(series: str, page: int) -> None:
    assert contrast("--chart-ink", f"{series}-soft", page) >= 4.5


@PAGES
@pytest.mark.parametrize("series", SERIES)
def test_marks_stand_out_from_paper_and_from_their_own_soft_fill(series: str, page: int) -> None:
    assert contrast(series, "--chart-paper", page) >= 3
    assert contrast(series, f"{series}-soft", page) >= 3


def test_literal_leaves_no_token_and_refuses_an_unknown_one() -> None:
    spec = json.dumps(theme.config())
    assert "var(" in spec
    assert "var(" not in theme.literal(spec)
    assert theme.literal('fill="var(--chart-ink)"') == f'fill="{theme.TOKENS["--chart-ink"][0]}"'
    with pytest.raises(KeyError):
        theme.literal("var(--no-such-token)")


def test_no_size_in_the_theme_is_below_12_px() -> None:
    sizes = re.findall(r'[sS]ize": (\d+)', json.dumps(theme.config()))
    assert sizes
    assert min(map(int, sizes)) >= 12


@pytest.mark.parametrize("size", [theme.WIDE, theme.NARROW], ids=lambda size: size.name)
def test_a_chart_is_exactly_as_wide_as_its_size(size: theme.Size) -> None:
    alt = pytest.importorskip("altair")
    vl_convert = pytest.importorskip("vl_convert")
    rows = [{"year": 2001, "beans": 3}, {"year": 2002, "beans": 12345}]
    line = alt.Chart().mark_line().encode(x="year:O", y="beans:Q")
    data = plot.data(rows, "year beans")
    chart = plot.framed([line], data, size, 150, left=50, top=10, right=3, bottom=40)
    svg = vl_convert.vegalite_to_svg(chart.to_json())
    assert f'width="{size.width}" height="200"' in svg
