/* Adds a live view to charts that are whole without it. When a reader rests on a figure, taps it,
   or reaches or presses its button, the chart runtime is fetched once and a view of the same size
   takes the place of the drawing, with tooltips and controls. If anything fails the drawing stays. */
(() => {
  "use strict";
  const REST = 150; // ms of pointer rest that count as interest
  const PATIENCE = 15000; // ms after which a view is given up
  const STILL = 10; // px that a finger may move and still tap
  const OPTIONS = {
    ast: true,
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };
  const address = document.documentElement.dataset.runtime;
  if (!address) return;

  let runtime;
  const load = () => {
    runtime ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => (window.explainerVega ? resolve(window.explainerVega) : reject());
      script.onerror = reject;
      document.head.append(script);
    });
    // A later wish may try again.
    runtime.catch(() => (runtime = undefined));
    return runtime;
  };

  const inTime = (promise) =>
    Promise.race([promise, new Promise((_, reject) => setTimeout(reject, PATIENCE))]);

  const enliven = (figure) => {
    const drawings = [...figure.querySelectorAll(".drawing")];
    const button = figure.querySelector(".go-live");
    const status = figure.querySelector(".live-status");
    const label = button.firstChild;
    const offer = label.data;
    let live; // { drawing, stage, result } while a view stands
    let busy = false;

    const shown = () => drawings.find((drawing) => drawing.getClientRects().length);

    const retire = () => {
      live.result.finalize();
      live.stage.remove();
      delete live.drawing.dataset.live;
      delete figure.dataset.live;
      live = undefined;
      label.data = offer;
      button.removeAttribute("aria-disabled");
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
        const spec = figure.querySelector(`script[data-drawing="${name}"]`).text;
        const vega = await inTime(load());
        drawing.append(stage);
        const result = await inTime(vega.embed(stage, JSON.parse(spec), OPTIONS));
        if (!stage.querySelector("svg *")) throw new Error("nothing was drawn");
        // The runtime names its parts in English; the title of the figure is in the page's tongue.
        stage.removeAttribute("aria-label");
        stage.setAttribute("role", "group");
        stage.setAttribute("aria-labelledby", figure.getAttribute("aria-labelledby"));
        [stage, ...stage.querySelectorAll("[aria-roledescription]")].forEach((part) =>
          part.removeAttribute("aria-roledescription"),
        );
        live = { drawing, stage, result };
        stage.classList.remove("waiting");
        drawing.dataset.live = figure.dataset.live = "true";
        label.data = button.dataset.on;
        button.setAttribute("aria-disabled", "true");
        status.className = "live-status unseen"; // the button shows the same words
        if (asked) status.textContent = button.dataset.on;
        if (shown() !== drawing) retire();
      } catch {
        stage.remove();
        status.className = "live-status";
        status.textContent = status.dataset.failed;
      }
      busy = false;
    };

    let rest;
    let finger;
    const area = figure.querySelector(".drawings");
    const wait = (event) => {
      clearTimeout(rest);
      if (event.pointerType !== "touch") rest = setTimeout(start, REST);
    };
    figure.addEventListener("pointerenter", wait);
    figure.addEventListener("pointermove", wait);
    figure.addEventListener("pointerleave", () => clearTimeout(rest));
    figure.addEventListener("pointerdown", (event) => (finger = event));
    figure.addEventListener("pointercancel", () => (finger = undefined));
    figure.addEventListener("pointerup", (event) => {
      if (event.pointerType !== "touch" || !finger) return;
      if (event.target.closest("a, button, details")) return; // these have wishes of their own
      const way = Math.hypot(event.clientX - finger.clientX, event.clientY - finger.clientY);
      finger.tapped = way < STILL;
      if (finger.tapped) start();
    });
    // The runtime shows tooltips under a moving pointer, which a tapping finger never is.
    area.addEventListener("click", ({ target, clientX, clientY }) => {
      if (!live || !finger?.tapped) return;
      const move = { bubbles: true, clientX, clientY, pointerType: "mouse" };
      target.dispatchEvent(new PointerEvent("pointermove", move));
    });
    button.addEventListener("focus", () => start(true));
    button.addEventListener("click", () => start(true));
    button.hidden = false;
    // Across the breakpoint the other drawing shows; the view of the hidden one is given up.
    new ResizeObserver(() => live && shown() !== live.drawing && shown() && retire()).observe(area);
  };

  document.querySelectorAll("figure.chart").forEach(enliven);

  const hush = () => document.getElementById("vg-tooltip-element")?.classList.remove("visible");
  document.addEventListener("keydown", (event) => event.key === "Escape" && hush());
  document.addEventListener("pointerdown", hush);
})();
