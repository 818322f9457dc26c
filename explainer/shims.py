# ruff: noqa
# mypy: ignore-errors
"""Temporary."""

from dataclasses import replace
from pathlib import Path

from explainer.charts.theme import NARROW, WIDE
from explainer.data.load import load_dataset as _load
from explainer.figures import draw
from explainer.figures import figure as _fig
from explainer.figures import plan as _plan
from explainer.figures.draw import DrawingError, Job
from explainer.problems import *
from explainer.voice.languages import load_language
from explainer.voice.voice import Voice


def load_dataset(report, blob, beside):
    ds, p = _load(blob.path, blob.file)
    report.add(*p)
    return ds


def load_voice(report, code, strings, dataset, templates):
    lang, p = load_language(code, Path(templates), dataset.unit_labels(code))
    report.add(*p)
    return Voice(dataset, lang) if lang else None


def plan_charts(report, dataset, voice):
    plans, p = _plan.plan_charts(dataset, voice)
    report.add(*p)
    return plans


def plan_blocks(report, note, voice, store):
    plans, p = _plan.plan_blocks(note, voice, lambda spec: draw.validate(spec, store))
    report.add(*p)
    return plans


def jobs_of(plan, voice):
    rows = plan.form.rows(plan.options, voice)
    return [
        Job(
            plan.id,
            plan.form.name,
            rows,
            plan.form.settings(plan.options, rows, voice),
            plan.form.words(plan.options, rows, voice),
            size,
            voice.said(voice.local(plan.chart.title)),
            voice.said(voice.local(plan.chart.description)),
        )
        for size in (WIDE, NARROW)
    ]


def make_figure(report, plan, voice, folder, drawer):
    jobs = jobs_of(plan, voice)
    wide, narrow = drawer.drawings(jobs)
    for e in (wide, narrow):
        if isinstance(e, DrawingError):
            report.add(plan.document.problem(plan.path, Rule.BAD_CHART, e.message, e.hint))
    if report.failed:
        return None
    f = _fig._figure(plan, voice, jobs[0], wide, narrow, folder)
    report.add(*_fig._unbound(f, plan, voice))
    return f


import hashlib
import struct
from xml.etree import ElementTree

from explainer.figures.draw import draw_all, raster_all, runtime
from explainer.figures.picture import BROWSER_ICON, ICON, PHONE_ICON  # noqa


class Drawer:
    def __init__(self, store, templates, fonts, progress):
        self.store, self.fonts, self.progress = store, fonts, progress
        d = hashlib.sha256()
        for n, b in templates.items():
            if n.startswith("fonts/"):
                d.update(b.key.encode())
        self.key = d.hexdigest()
        self.drawn = {}
        self.large = {}

    def draw(self, jobs):
        jobs = [j for j in jobs if j.key() not in self.drawn]
        # titles differ
        for j, d in zip(jobs, draw_all(jobs, self.store, self.fonts, self.progress)):
            self.drawn[(j.key(), j.chart, j.title, j.description)] = d
        return

    def drawings(self, jobs):
        keys = [(j.key(), j.chart, j.title, j.description) for j in jobs]
        if any(k not in self.drawn for k in keys):
            self.draw(jobs)
        return [self.drawn[k] for k in keys]

    def enlarge(self, wanted):
        for w, png in zip(wanted, raster_all(wanted, self.store, self.fonts, self.progress)):
            self.large[w] = png

    def enlarged(self, svg, scale):
        if (svg, scale) not in self.large:
            self.enlarge([(svg, scale)])
        return self.large[svg, scale]


def bundle(report, drawer):
    return runtime(drawer.store)


def _sized(blob, size, drawer):
    svg = blob.text()
    side = float(ElementTree.fromstring(svg).attrib["width"])
    return drawer.enlarged(svg, size / side)


def favicon(report, icon, drawer):
    small = _sized(icon, BROWSER_ICON, drawer)
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", BROWSER_ICON, BROWSER_ICON, 0, 0, 1, 32, len(small), 22)
    return head + entry + small


def touch_icon(report, icon, drawer):
    return _sized(icon, PHONE_ICON, drawer)


ICONS = {"favicon.ico": favicon, "apple-touch-icon.png": touch_icon}


def with_twin(report, figure, twin):
    return replace(figure, twin=twin)
