"""The forms of charts: a name in the data file, rows and options in, an Altair chart out."""

from explainer.charts import block
from explainer.charts.form import Form
from explainer.charts.forms import (
    chains,
    consistency,
    estimates,
    flow,
    ladder,
    legs,
    pile,
    plain,
    ranges,
    stack,
    timeline,
)
from explainer.charts.forms import map as flowmap
from explainer.charts.forms import series as lines

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        ladder.FORM,
        pile.FORM,
        chains.FORM,
        legs.FORM,
        flow.FORM,
        estimates.FORM,
        lines.FORM,
        ranges.FORM,
        stack.FORM,
        timeline.FORM,
        flowmap.FORM,
        consistency.FORM,
        plain.LINE,
        plain.BAR,
        plain.SCATTER,
    )
}
"""Every form by the name that the data file calls it."""

DRAWN: dict[str, Form] = {**FORMS, block.FORM.name: block.FORM}
"""Everything that can be drawn: the forms, and specifications from notes."""
