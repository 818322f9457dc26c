"""A published specification is a chart for anybody: drawn by bare vl-convert, without our looks."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
import vl_convert


def texts(svg: str) -> set[str]:
    """What a drawing says, its lines apart: Vega draws a text and its outline, we both as one."""
    found = re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)
    return {" ".join(text.split()) for text in found if text.strip()}


@pytest.mark.parametrize("site", ["coffee", "real_site"])
def test_every_specification_is_drawn_bare_without_a_warning(
    site: str, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    folder: Path = request.getfixturevalue(site) / "charts"
    files = sorted(folder.glob("*.vl.json"))
    assert files
    logging.getLogger("vl_convert").propagate = True
    for file in files:
        text = file.read_text("utf-8")
        assert "var(" not in text and json.loads(text)["$schema"]
        svg = vl_convert.vegalite_to_svg(text)
        assert not caplog.records, (file.name, caplog.text)
        ours = file.with_name(file.name.removesuffix(".vl.json") + ".svg")
        # The picture that we publish has title and sources beside it.
        assert texts(svg) and texts(svg) <= texts(ours.read_text("utf-8")), file.name
    logging.getLogger("vl_convert").propagate = False


def test_layers_that_draw_nothing_are_left_out(coffee: Path) -> None:
    """A floor's dashes stand in the chart that has a floor, and not where none is."""
    for file in sorted((coffee / "charts").glob("*.vl.json")):
        spec = json.loads(file.read_text("utf-8"))
        if "params" not in spec and "layer" in spec:
            svg = vl_convert.vegalite_to_svg(spec)
            assert not re.search(r'role-mark (layer_\d+_)+marks"[^>]*/>', svg), file.name
