/* Adds to a page that is whole without it: the list of contents marks the section being read, and a
   chart that stays beside its sections marks what that section speaks of. */
(() => {
  "use strict";
  const LINE = 0.2; // of the window's height: what has come up to it is being read
  const links = new Map();
  document.querySelectorAll(".contents a").forEach((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  });
  const headings = [...new Set([...links.keys(), ...document.querySelectorAll(".step h3")])];
  if (!headings.length) return;

  const mark = (step) => {
    const climb = step.closest(".climb");
    const told = new Set([...step.querySelectorAll(".claim")].map((claim) => claim.dataset.claim));
    const marks = [...climb.querySelectorAll(".drawing > svg [data-claim]")];
    const spoken = marks.filter(({ dataset }) => told.has(dataset.claim));
    if (!spoken.length) return;
    marks.forEach((one) => one.classList.toggle("marked", spoken.includes(one)));
    climb.classList.add("marking");
  };

  let read;
  let waiting = false;
  const look = () => {
    waiting = false;
    // Towards the end of the page, what comes last cannot come up so far.
    const { scrollHeight } = document.documentElement;
    const line = Math.max(innerHeight * LINE, innerHeight - (scrollHeight - innerHeight - scrollY));
    const passed = (heading) => heading.getBoundingClientRect().top < line;
    const found = headings.findLast(passed);
    if (!found || found === read) return;
    links.get(read)?.removeAttribute("aria-current");
    read = found;
    links.get(read)?.setAttribute("aria-current", "true");
    const step = read.closest(".step");
    if (step) mark(step);
  };
  const wait = () => {
    if (!waiting) requestAnimationFrame(look);
    waiting = true;
  };
  addEventListener("scroll", wait, { passive: true });
  addEventListener("resize", wait);
  wait();
})();
