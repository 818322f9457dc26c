/* Added to each page that `build.py serve` shows, and to no page of a site. It hears of every build:
   of a new site, and loads the page again at the place where it was; of problems, and lays them
   over the page until they are mended. */
(() => {
  "use strict";
  const site = document.currentScript.dataset.site;
  const PLACE = "preview-place";
  const LOST = 1500; // ms without a connection until the page says so

  // The place: what stood at the top of the window, and which parts were open.

  const moves = element => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
    }
    return false;
  };

  const marks = () =>
    [...document.querySelectorAll("main [id]")].filter(element => element.getClientRects().length);

  const topmost = () => {
    const above = marks().filter(element => element.getBoundingClientRect().top <= 1);
    return above.reverse().find(element => !moves(element));
  };

  const folds = () => {
    const count = {};
    return [...document.querySelectorAll("details")].map(element => {
      const owner = element.closest("[id]")?.id ?? "";
      const name = `${owner} ${element.querySelector("summary")?.textContent}`;
      count[name] = (count[name] ?? 0) + 1;
      return [element, `${name} ${count[name]}`];
    });
  };

  const keepPlace = () => {
    const mark = topmost();
    const place = {
      path: location.pathname,
      y: scrollY,
      x: scrollX,
      mark: mark?.id,
      top: mark?.getBoundingClientRect().top,
      open: folds().map(([element, name]) => [name, element.open]),
      focus: document.activeElement?.id,
    };
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(place));
      history.scrollRestoration = "manual";
    } catch {
      // Where nothing may be kept, the browser remembers the place as well as it can.
    }
  };

  const returnTo = place => {
    const was = new Map(place.open);
    for (const [element, name] of folds()) {
      if (was.has(name)) element.open = was.get(name);
    }
    const settle = () => {
      const mark = place.mark && document.getElementById(place.mark);
      const y = mark ? scrollY + mark.getBoundingClientRect().top - place.top : place.y;
      scrollTo({ left: place.x, top: place.y === 0 ? 0 : y, behavior: "instant" });
    };
    settle();
    if (place.focus) document.getElementById(place.focus)?.focus({ preventScroll: true });
    // Pictures and letters that come later move things, and the browser goes to the address's #:
    // so once more when all is there, unless somebody has moved on by then.
    let still = true;
    for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(kind, () => (still = false), { once: true, passive: true });
    }
    const loaded = new Promise(resolve => addEventListener("load", resolve, { once: true }));
    Promise.all([loaded, document.fonts.ready]).then(() =>
      requestAnimationFrame(() => {
        if (still) settle();
        history.scrollRestoration = "auto";
      }),
    );
  };

  const kept = () => {
    try {
      const place = JSON.parse(sessionStorage.getItem(PLACE));
      sessionStorage.removeItem(PLACE);
      return place?.path === location.pathname ? place : null;
    } catch {
      return null;
    }
  };

  // The overlay: texts only, whatever they hold.

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const host = make("div");
  host.id = "preview-overlay";
  host.lang = "en";
  host.hidden = true;
  const shadow = host.attachShadow({ mode: "open" });
  const style = make("link");
  style.rel = "stylesheet";
  style.href = "/.preview/overlay.css";
  const frame = make("div", "frame");
  const panel = make("section", "panel");
  panel.tabIndex = -1;
  panel.setAttribute("aria-label", "What is wrong");
  const heading = make("h2");
  heading.setAttribute("role", "status");
  const about = make("p");
  const close = make("button", "", "Close");
  close.type = "button";
  const list = make("ol");
  const chip = make("button", "chip");
  chip.type = "button";
  const header = make("header");
  header.append(heading, about, close);
  panel.append(header, list);
  frame.append(panel, chip);
  shadow.append(style, frame);

  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  const entry = problem => {
    const item = make("li", problem.severity);
    const place = make("p", "place", `${problem.file}:${problem.line} `);
    const warning = problem.severity === "warning" ? "warning: " : "";
    place.append(make("span", "rule", `${warning}${problem.rule}`));
    item.append(place, make("p", "message", problem.message));
    if (problem.excerpt) item.append(make("pre", "excerpt", problem.excerpt.trim()));
    if (problem.hint) item.append(make("p", "hint", `hint: ${problem.hint}`));
    return item;
  };

  const bug = failure => {
    const item = make("li", "error");
    item.append(make("p", "message", "The program has failed. That is a fault of its own:"));
    item.append(make("pre", "excerpt", failure));
    return item;
  };

  const open = wanted => {
    panel.hidden = !wanted;
    chip.hidden = wanted;
  };
  close.addEventListener("click", () => {
    open(false);
    chip.focus();
  });
  chip.addEventListener("click", () => {
    open(true);
    panel.focus();
  });
  shadow.addEventListener("keydown", event => {
    if (event.key === "Escape" && !panel.hidden) close.click();
  });

  let said = "";
  const say = news => {
    const now = JSON.stringify([news.problems, news.failure]);
    if (now === said) return;
    said = now;
    const errors = news.problems.filter(problem => problem.severity !== "warning");
    const warnings = news.problems.length - errors.length;
    const broken = errors.length > 0 || news.failure !== "";
    const parts = [];
    if (news.failure) parts.push("The program has failed");
    if (errors.length) parts.push(counted(errors.length, "problem"));
    if (warnings) parts.push(counted(warnings, "warning"));
    heading.textContent = chip.textContent = parts.join(", ");
    about.textContent = broken && news.site ? "The page is the last one that could be built." : "";
    for (const element of [panel, chip]) element.classList.toggle("mild", !broken);
    list.replaceChildren(...(news.failure ? [bug(news.failure)] : []), ...news.problems.map(entry));
    // Warnings keep nothing from being published: they wait to be asked.
    open(broken);
    host.hidden = parts.length === 0;
  };

  let losing;
  const lose = () => {
    losing ??= setTimeout(() => {
      said = "lost";
      heading.textContent = chip.textContent = "The preview has stopped";
      about.textContent = "Start build.py serve again.";
      chip.classList.remove("mild");
      list.replaceChildren();
      open(false);
      host.hidden = false;
    }, LOST);
  };

  // News, as long as somebody can see the page: a browser keeps few connections to one server.

  let source;
  const listen = () => {
    source = new EventSource("/.preview/events");
    source.addEventListener("message", event => {
      clearTimeout(losing);
      losing = undefined;
      const news = JSON.parse(event.data);
      if (news.site && news.site !== site) {
        source.close();
        keepPlace();
        location.reload();
      } else {
        say(news);
      }
    });
    source.addEventListener("error", lose);
  };

  const place = kept();
  if (place) returnTo(place);
  document.documentElement.append(host);
  const seen = () => {
    source?.close();
    if (document.visibilityState === "visible") listen();
  };
  document.addEventListener("visibilitychange", seen);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", event => event.persisted && seen());
  seen();
})();
