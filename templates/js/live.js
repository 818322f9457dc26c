/* The live view of a figure: fetched with the chart runtime, once a reader wishes for it. It takes the
   place of the visible drawing at the same size, with tooltips and controls. What the controls are
   set to stands in the address, so that it can be linked to. The rows of the table and of the text
   version light up their marks in the view, and marks light up their rows. A view that shows anything
   else than the drawing does not take its place. */
(() => {
  "use strict";
  const PAUSE = 400; // ms between two notes of a choice in the address
  const EDGE = 8; // px between a tooltip and the sides of the window
  const APART = 0.04; // of its width: how far a mark may be from where it is drawn, as fonts differ
  const OPTIONS = {
    ast: true,
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  // A function that runs at most once in a while, at its end.
  const seldom = (action) => {
    let waiting;
    return () => (waiting ??= setTimeout(() => ((waiting = undefined), action()), PAUSE));
  };

  const squashed = (text) => `${text}`.replace(/\s+/g, " ").trim();

  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return (width > 0 || height > 0) && !element.matches("text[stroke]:not([paint-order])");
  };

  // Whether a view shows the drawing: the same words, and the same marks in the same places.
  const alike = (drawn, view) => {
    const [one, other] = [drawn, view].map((svg) => {
      const whole = svg.getBoundingClientRect();
      const part = (size) => size / whole.width;
      // All but the ground, which is drawn otherwise in a page, what cannot be seen, and outlines
      // of texts, which the drawing has not apart.
      const marks = svg.querySelectorAll("g :is(path, rect, circle, line, text)");
      return [...marks].filter(isSeen).map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const text = element.tagName === "text";
        const lines = text && element.children.length ? [...element.children] : [element];
        return {
          says: text ? squashed(lines.map((line) => line.textContent).join(" ")) : element.tagName,
          spots: element.getClientRects().length
            ? [
                part(left + width / 2 - whole.left),
                part(top + height / 2 - whole.top),
                ...(text ? [] : [part(width), part(height)]),
              ]
            : [],
        };
      });
    });
    return (
      one.length === other.length &&
      one.every(({ says, spots }, index) => {
        const twin = other[index];
        return (
          says === twin.says &&
          spots.length === twin.spots.length &&
          spots.every((spot, side) => Math.abs(spot - twin.spots[side]) <= APART)
        );
      })
    );
  };

  // The runtime takes a pixel of the window for one of its drawing. Where the drawing is shown at
  // another size, its upper left corner is told to be where that would be true of this event.
  const scaled = (svg) => {
    svg.getBoundingClientRect = () => {
      const { left, top, width, height } = SVGElement.prototype.getBoundingClientRect.call(svg);
      const scale = width / svg.viewBox.baseVal.width || 1;
      const { clientX = left, clientY = top } = window.event ?? {};
      const corner = (at, start) => at - (at - start) / scale;
      return new DOMRect(corner(clientX, left), corner(clientY, top), width, height);
    };
  };

  // Whether a wheel or a drag moves the scales of a view.
  const moves = (text) => /"bind": ?"scales"/.test(text);

  // The controls of a view: those of its parameters that can stand in an address.
  const controls = ({ params = [] }) =>
    params.filter(({ bind }) => /range|number|checkbox|select|radio/.test(bind?.input));

  // The name of a parameter in the address: that of its claim where it stands for one.
  const key = ({ name }) => name.replace(/^_/, "").replaceAll("_", "-");

  // What a text of the address says a control is set to; undefined where it cannot be.
  const setting = ({ bind }, text) => {
    if (bind.input === "checkbox") return text === "true";
    if (bind.options) return bind.options.find((option) => `${option}` === text);
    const number = text.trim() === "" ? NaN : +text;
    if (!Number.isFinite(number)) return undefined;
    return Math.min(Math.max(number, bind.min ?? -Infinity), bind.max ?? Infinity);
  };

  // Where the pointer was last, to know whether it has moved.
  const spot = ({ screenX, screenY }) => `${screenX} ${screenY}`;
  let pointed;
  document.addEventListener("pointermove", (event) => (pointed = spot(event)));

  // What brings the view of a figure: called with whether a reader asked for it, and with a choice.
  const enliven = (figure) => {
    const drawings = [...figure.querySelectorAll(".drawing")];
    const button = figure.querySelector(".go-live");
    const status = figure.querySelector(".live-status");
    const reset = figure.querySelector(".reset");
    let live; // { drawing, stage, view, spec, begun } while a view stands
    let busy = false;
    let choice; // what the controls are set to, as in the address

    const shown = () => drawings.find((drawing) => drawing.getClientRects().length);

    const retire = () => {
      live.result.finalize();
      live.stage.remove();
      delete live.drawing.dataset.live;
      delete figure.dataset.live;
      live = undefined;
      button.removeAttribute("aria-disabled");
      reset.hidden = true;
    };

    const start = async (asked) => {
      const drawing = shown();
      if (busy || live || !drawing) return;
      busy = true;
      status.textContent = "";
      const stage = document.createElement("div");
      stage.className = "live waiting";
      try {
        const name = drawing.classList.contains("wide") ? "wide" : "narrow";
        const { text } = figure.querySelector(`script[data-drawing="${name}"]`);
        drawing.append(stage);
        // The looks that most charts share are with the runtime.
        const whole = () => ({ config: window.explainerVega.config, ...JSON.parse(text) });
        const result = await window.explainerVega.embed(stage, whole(), OPTIONS);
        const [still, moving] = drawing.querySelectorAll("svg");
        if (!moving || !alike(still, moving)) throw new Error("it does not show the drawing");
        scaled(moving);
        // The runtime names its parts in English; the drawing's own words are in the page's tongue.
        stage.removeAttribute("aria-label");
        stage.setAttribute("role", "group");
        ["aria-labelledby", "aria-describedby"].forEach((name) =>
          stage.setAttribute(name, still.getAttribute(name)),
        );
        [stage, ...stage.querySelectorAll("[aria-roledescription]")].forEach((part) =>
          part.removeAttribute("aria-roledescription"),
        );
        live = { drawing, stage, result, view: result.view, spec: whole() };
        equip();
        stage.addEventListener("pointerover", ({ target }) => {
          if (target.__data__?.datum) light(target);
        });
        stage.addEventListener("pointerout", () => lit === undefined && light());
        // The runtime has put its tooltip beside the pointer, which may be outside a small window.
        stage.addEventListener("pointermove", () => {
          const tooltip = document.getElementById("vg-tooltip-element");
          if (!tooltip) return;
          const { left, top, width, height } = tooltip.getBoundingClientRect();
          const { clientWidth, clientHeight } = document.documentElement;
          const within = (at, most) => `${Math.max(EDGE, Math.min(at, most - EDGE))}px`;
          tooltip.style.left = within(left, clientWidth - width);
          tooltip.style.top = within(top, clientHeight - height);
        });
        // A wheel scrolls the page; with Ctrl it zooms, as it does a page.
        stage.addEventListener(
          "wheel",
          (event) => event.ctrlKey || event.metaKey || event.stopPropagation(),
          { capture: true, passive: true },
        );
        if (lit !== undefined) light(undefined, lit);
        stage.classList.remove("waiting");
        drawing.dataset.live = figure.dataset.live = "true";
        button.setAttribute("aria-disabled", "true");
        if (moves(text)) {
          status.className = "live-status";
          status.textContent = status.dataset.zoom;
        } else {
          status.className = "live-status unseen"; // the muted button shows as much
          if (asked) status.textContent = button.dataset.on;
        }
        if (shown() !== drawing) retire();
      } catch (error) {
        live = undefined;
        stage.remove();
        throw error;
      } finally {
        busy = false;
      }
    };

    // Controls

    const note = () => {
      if (!live) return;
      const { spec, view } = live;
      choice = new Map(controls(spec).map((param) => [key(param), `${view.signal(param.name)}`]));
      const pairs = [...choice].map(([name, text]) => `${name}=${encodeURIComponent(text)}`);
      try {
        history.replaceState(null, "", `#${figure.id}:${pairs.join("&")}`);
      } catch {
        // A browser may forbid it to a page opened from a folder; the view works all the same.
      }
      if (spec.params.some(({ name }) => name === "verdict"))
        status.textContent = view.signal("verdict");
    };
    const noteSoon = seldom(note);

    const choose = () => {
      controls(live.spec).forEach((param) => {
        const value = choice.has(key(param)) ? setting(param, choice.get(key(param))) : undefined;
        if (value !== undefined) live.view.signal(param.name, value);
      });
      return live.view.runAsync();
    };

    const equip = () => {
      const { stage, spec, view } = live;
      const form = stage.querySelector(".vega-bindings");
      if (!form) return;
      form.addEventListener("submit", (event) => event.preventDefault());
      const names = new Set(spec.params?.map(({ name }) => name));
      form.querySelectorAll("input[type=range]").forEach((input) => {
        // Where the view says how a number reads, that stands beside the slider.
        const text = `${input.name}_text`;
        if (!names.has(text)) return;
        const output = document.createElement("output");
        const show = () => {
          output.value = view.signal(text);
          input.setAttribute("aria-valuetext", output.value);
        };
        input.nextElementSibling.replaceWith(output);
        view.addSignalListener(text, show);
        show();
      });
      if (!controls(spec).length) return;
      live.begun = controls(spec).map(({ name }) => [name, view.signal(name)]);
      form.addEventListener("input", noteSoon);
      form.addEventListener("change", noteSoon);
      reset.hidden = false;
      if (choice) choose();
    };

    reset.addEventListener("click", async () => {
      live.begun.forEach(([name, value]) => live.view.signal(name, value));
      await live.view.runAsync();
      note();
    });

    // Rows and their marks

    const rows = [...figure.querySelectorAll("tbody tr")];
    // The innermost items: those around them head a group.
    const items = [...figure.querySelectorAll(".in-words li li:not(:has(ul))")];
    const sentences = items.map((item) => squashed(item.textContent));

    // Whether a mark stands for a row: by what it says or its claim, or by all that both know.
    const same = (datum, index) => {
      if (datum.description) return squashed(datum.description) === sentences[index];
      const row = live.spec.data?.values?.[index];
      if (!row) return datum.id !== undefined && datum.id === rows[index]?.dataset.row;
      const shared = Object.keys(row).filter((name) => name in datum);
      const alike = (a, b) => a === b || (typeof a === "number" && a === Date.parse(b));
      return shared.length > 0 && shared.every((name) => alike(datum[name], row[name]));
    };

    // A line is one mark for many rows.
    const standsFor = ({ __data__: item }, index) => {
      const { items: all, marktype, role } = item?.mark ?? {};
      if (role !== "mark" || marktype === "group") return false;
      const found = /line|area|trail/.test(marktype) ? all : [item];
      return found.some(({ datum }) => datum && same(datum, index));
    };

    let lit; // the row that a reader is at
    const light = (mark, index) => {
      lit = index;
      const found = (list, part) => list.forEach((e, i) => e.classList.toggle("lit", part(e, i)));
      const rowIs = (_, i) => (mark ? standsFor(mark, i) : i === index);
      found(rows, rowIs);
      found(items, rowIs);
      if (!live) return;
      const marks = [...live.stage.querySelectorAll(".role-mark > *")];
      found(marks, (part) => (mark ? part === mark : index >= 0 && standsFor(part, index)));
    };

    [rows, items].forEach((list) =>
      list.forEach((row, index) => {
        const on = () => light(undefined, index);
        const off = () => lit === index && light();
        const wish = () => (on(), start().catch(() => {}));
        // Not where the page has moved under a pointer at rest, as it does under the arrow keys.
        row.addEventListener("pointermove", (event) => {
          if (lit !== index && spot(event) !== pointed) on();
        });
        row.addEventListener("click", wish);
        row.addEventListener("focusin", on);
        row.addEventListener("pointerleave", ({ pointerType }) => {
          if (pointerType !== "touch" && !row.contains(document.activeElement)) off();
        });
        row.addEventListener("focusout", off);
        if (list === items) return;
        // The table is one stop of the Tab key; the arrow keys go on from row to row.
        row.tabIndex = index ? -1 : 0;
        row.addEventListener("keydown", (event) => {
          const last = rows.length - 1;
          const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last }[event.key];
          if (event.key === "Escape") light();
          if (to === undefined || event.target !== row) return;
          event.preventDefault();
          const next = rows[Math.min(Math.max(to, 0), last)];
          rows.forEach((other) => (other.tabIndex = other === next ? 0 : -1));
          next.focus();
        });
      }),
    );
    const hint = figure.querySelector(".rows-hint");
    if (hint) hint.hidden = false;

    // Across the breakpoint the other drawing shows; the view of the hidden one is given up.
    const area = figure.querySelector(".drawings");
    new ResizeObserver(() => live && shown() !== live.drawing && shown() && retire()).observe(area);

    return async (asked, wanted) => {
      choice = wanted ?? choice;
      if (live && wanted) await choose();
      await start(asked);
    };
  };

  const known = new WeakMap();
  window.explainerLive = (figure) => {
    if (!known.has(figure)) known.set(figure, enliven(figure));
    return known.get(figure);
  };
})();
