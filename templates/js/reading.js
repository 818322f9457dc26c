/* Adds three things to a page that is whole without them: the list of contents marks the section
   being read; a chart that stays beside its sections marks what they speak of; and where there is
   room, the margin says who stands behind a figure. The margin repeats the references at the foot
   of the page, so it is silent to a screen reader. */
(() => {
  "use strict";
  const watched = [];

  // Calls `act` with the last of the elements that has come up to a part of the window's height.
  const watch = (elements, part, act) => watched.push({ elements, part, act });

  let waiting = false;
  const look = () => {
    waiting = false;
    watched.forEach((watch) => {
      const passed = ({ top }) => top < innerHeight * watch.part;
      const found = watch.elements.findLast((e) => passed(e.getBoundingClientRect()));
      if (found && found !== watch.found) watch.act((watch.found = found));
    });
  };
  const wait = () => {
    if (!waiting) requestAnimationFrame(look);
    waiting = true;
  };

  // The list of contents
  const links = new Map();
  document.querySelectorAll(".contents a").forEach((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  });
  let current;
  watch([...links.keys()], 0.2, (heading) => {
    current?.removeAttribute("aria-current");
    current = links.get(heading);
    current.setAttribute("aria-current", "true");
  });

  // The chart beside its sections
  document.querySelectorAll(".climb").forEach((climb) => {
    const steps = [...climb.querySelectorAll(".step")];
    const rows = new Map();
    climb.querySelectorAll("script[data-drawing]").forEach((script) => {
      JSON.parse(script.text, (key, value) => {
        if (value?.id && value.description) rows.set(value.id, value);
        return value;
      });
    });
    watch(steps, 0.5, (step) => {
      const marks = new Set();
      step.querySelectorAll(".claim").forEach(({ dataset }) => {
        const row = rows.get(dataset.claim);
        if (row) marks.add(row.description).add(row.text);
      });
      if (!marks.size) return;
      steps.forEach((other) => other.classList.toggle("read", other === step));
      climb.querySelectorAll(".drawing svg [aria-label], .drawing svg text").forEach((part) => {
        const says = part.getAttribute("aria-label") ?? part.textContent;
        part.classList.toggle("marked", marks.has(says));
      });
      climb.classList.add("marking");
    });
  });

  if (watched.some(({ elements }) => elements.length)) {
    addEventListener("scroll", wait, { passive: true });
    addEventListener("resize", wait);
    wait();
  }

  // The margin
  const wide = matchMedia("(min-width: 78rem)");
  let filled = false;
  const fill = () => {
    if (filled || !wide.matches) return;
    filled = true;
    const told = new Set();
    document.querySelectorAll(".body > p, .body > ul, .body > ol").forEach((block) => {
      const margin = document.createElement("div");
      margin.className = "margin";
      margin.setAttribute("aria-hidden", "true");
      block.querySelectorAll('.claim[href^="#ref-"]').forEach((link) => {
        const said = document.getElementById(link.hash.slice(1))?.querySelector(".said");
        if (!said || told.has(link.hash)) return;
        told.add(link.hash);
        const words = said.textContent.trim();
        const figure = document.createElement("b");
        figure.textContent = link.textContent;
        // Figures that came from one mouth by one way stand together.
        const same = [...margin.children].find((line) => line.lastChild.data === words);
        if (same) return same.lastChild.before(figure, " ");
        const line = document.createElement("p");
        line.append(figure, " ", words);
        margin.append(line);
      });
      if (margin.childElementCount) block.before(margin);
    });
  };
  fill();
  wide.addEventListener("change", fill);
})();
