"""What one would write in an afternoon: Jinja, Markdown and a chart drawn by Altair for each note.

No claims, no languages, no narrow drawings, no tables, no data files, no checks, nothing kept.
Usage: plain.py DOCS SITE
"""

import json
import sys
from pathlib import Path

import altair as alt
import jinja2
import markdown
import vl_convert

PAGE = jinja2.Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><nav><a href="index.html">The price of fruit</a></nav>
<main>{{ body|safe }}<figure>{{ drawing|safe }}<figcaption>{{ title }}</figcaption></figure></main>
</body></html>
""")


def draw(rows: list[dict[str, object]]) -> str:
    base = alt.Chart(alt.Data(values=rows), width=640, height=200).encode(
        x=alt.X("price:Q", scale=alt.Scale(type="log"), title="dollars a kilo"),
        y=alt.Y("town:N", sort=None, title=None),
    )
    chart = base.mark_point(filled=True) + base.mark_text(align="left", dx=8).encode(text="price:Q")
    return vl_convert.vegalite_to_svg(chart.to_dict())


docs, site = Path(sys.argv[1]), Path(sys.argv[2])
site.mkdir(parents=True, exist_ok=True)
for path in sorted(docs.glob("*.md")):
    text = path.read_text("utf-8")
    title = text.partition("\n")[0].removeprefix("# ")
    body = markdown.markdown(text, extensions=["tables", "footnotes", "smarty", "toc"])
    drawing = draw(json.loads(path.with_suffix(".json").read_text("utf-8")))
    html = PAGE.render(title=title, body=body, drawing=drawing)
    (site / f"{path.stem}.html").write_text(html, "utf-8")
