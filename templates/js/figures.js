/* Adds a live view to charts that are whole without it. When a reader clicks or taps a drawing or its
   button, or follows a link to a choice made in it, the chart runtime is fetched once, and js/live.js
   puts a view in the place of the drawing. If anything fails the drawing stays. */
(() => {
  "use strict";
  const PATIENCE = 15000; // ms after which a view is given up
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
    if (!button) return; // Its drawing shows all that a live view could.
    const status = figure.querySelector(".live-status");
    const area = figure.querySelector(".drawings");
    let finger = false; // whether it was one that came down last

    const wish = async (asked, choice) => {
      figure.dataset.asked = ""; // from here on there is room for its controls
      try {
        await inTime(Promise.all([load(view), load(runtime)]));
        await inTime(window.explainerLive(figure)(asked, choice));
      } catch {
        delete figure.dataset.asked;
        status.className = "live-status";
        status.textContent = status.dataset.failed;
      }
    };
    wishes.set(figure, wish);

    area.addEventListener("pointerdown", ({ pointerType }) => (finger = pointerType === "touch"));
    area.addEventListener("click", ({ target, clientX, clientY }) => {
      // A mark that has a card of its own shows that.
      if (!figure.dataset.live) target.closest("[data-claim]") || wish();
      else if (finger) {
        // The runtime shows tooltips under a moving pointer, which a tapping finger never is.
        const move = { bubbles: true, clientX, clientY, pointerType: "mouse" };
        target.dispatchEvent(new PointerEvent("pointermove", move));
      }
    });
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
