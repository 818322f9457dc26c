/* Adds a live view to charts that are whole without it. When a reader rests on a figure, taps it,
   reaches or presses its button, or follows a link to a choice made in it, the chart runtime is
   fetched once, and js/live.js puts a view in the place of the drawing. If anything fails the drawing
   stays. */
(() => {
  "use strict";
  const REST = 150; // ms of pointer rest that count as interest
  const PATIENCE = 15000; // ms after which a view is given up
  const STILL = 10; // px that a finger may move and still tap
  const { runtime, view } = document.documentElement.dataset;
  if (!runtime) return;

  const scripts = {};
  const load = (address) => {
    scripts[address] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    // A later wish may try again.
    scripts[address].catch(() => delete scripts[address]);
    return scripts[address];
  };

  const inTime = (promise) =>
    Promise.race([promise, new Promise((_, reject) => setTimeout(reject, PATIENCE))]);

  const wishes = new Map(); // figure → what brings its live view

  document.querySelectorAll("figure.chart").forEach((figure) => {
    const button = figure.querySelector(".go-live");
    const status = figure.querySelector(".live-status");
    let rest;
    let finger;

    const wish = async (asked, choice) => {
      try {
        await inTime(Promise.all([load(view), load(runtime)]));
        await inTime(window.explainerLive(figure)(asked, choice));
      } catch {
        status.className = "live-status";
        status.textContent = status.dataset.failed;
      }
    };
    wishes.set(figure, wish);

    const wait = ({ pointerType }) => {
      clearTimeout(rest);
      if (pointerType !== "touch") rest = setTimeout(wish, REST);
    };
    figure.addEventListener("pointerenter", wait);
    figure.addEventListener("pointermove", wait);
    figure.addEventListener("pointerleave", () => clearTimeout(rest));
    figure.addEventListener("pointerdown", (event) => (finger = event));
    figure.addEventListener("pointercancel", () => (finger = undefined));
    figure.addEventListener("pointerup", ({ pointerType, target, clientX, clientY }) => {
      if (pointerType !== "touch" || !finger) return;
      if (target.closest("a, button, summary")) return; // these have wishes of their own
      finger.tapped = Math.hypot(clientX - finger.clientX, clientY - finger.clientY) < STILL;
      if (finger.tapped) wish();
    });
    // The runtime shows tooltips under a moving pointer, which a tapping finger never is.
    figure.querySelector(".drawings").addEventListener("click", ({ target, clientX, clientY }) => {
      if (!figure.dataset.live || !finger?.tapped) return;
      const move = { bubbles: true, clientX, clientY, pointerType: "mouse" };
      target.dispatchEvent(new PointerEvent("pointermove", move));
    });
    button.addEventListener("focus", () => wish(true));
    button.addEventListener("click", () => wish(true));
    button.hidden = false;
  });

  // An address such as #chart-ID:name=2&other=3 leads to a chart with its controls set.
  const follow = () => {
    const [, id, settings] = /^#([^:]+):(.+)$/.exec(location.hash) ?? [];
    const figure = id && document.getElementById(id);
    if (!wishes.has(figure)) return;
    const folded = figure.closest("details");
    if (folded) folded.open = true;
    figure.scrollIntoView();
    wishes.get(figure)(false, new Map(new URLSearchParams(settings)));
  };
  addEventListener("hashchange", follow);
  follow();

  const hush = () => document.getElementById("vg-tooltip-element")?.classList.remove("visible");
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hush());
  document.addEventListener("pointerdown", hush);
})();
