/* Adds a small card to the figures and terms in the text, and to the marks of drawings: what the
   reference at the foot of the page says about a figure, or the glossary about a term, shown beside
   its sentence on hover, focus or first tap. Esc closes it. The link, which the keyboard and screen readers follow, stays as it
   is, so the card is hidden from the latter, but for a tap, after which it is read out. */
(() => {
  "use strict";
  const OPENS = 120; // ms of pointer rest before a card opens
  const CLOSES = 300; // ms of absence before it closes: enough to cross a sentence and reach it
  const GAP = 8; // px between card and sentence, and between card and window
  const LEAST = 160; // px of height that a card needs above or below a sentence
  const card = document.createElement("div");
  const native = "popover" in card;
  card.className = "card";
  card.setAttribute("role", "status");
  if (native) card.popover = "auto";
  else card.hidden = true;
  document.body.append(card);
  let shown; // the link or mark whose card is open
  let timer;

  const closed = () => {
    clearTimeout(timer);
    delete shown?.dataset.card;
    shown = undefined;
  };

  const close = () => {
    if (native && shown) card.hidePopover();
    else if (!native) card.hidden = true;
    closed();
  };

  // The box of the sentence in which a link stands, or of its paragraph where that is unknown; of a
  // mark its own.
  const sentence = (link) => {
    if (link.closest("svg")) return link.getBoundingClientRect();
    const block = link.closest("p, li, dd, dt, td, th, h1, h2, h3, h4") ?? link;
    const range = document.createRange();
    range.selectNodeContents(block);
    if (!Intl.Segmenter) return range.getBoundingClientRect();
    const before = range.cloneRange();
    before.setEndBefore(link);
    const segments = new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" });
    const { index, segment } = segments.segment(range + "").containing(`${before}`.length);
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const seek = (offset, place) => {
      while (walker.nextNode()) {
        const { length } = walker.currentNode;
        if (offset <= length) return range[place](walker.currentNode, offset);
        offset -= length;
      }
    };
    seek(index, "setStart");
    walker.currentNode = block;
    seek(index + segment.trimEnd().length, "setEnd");
    return range.getBoundingClientRect();
  };

  const open = (link, tapped) => {
    clearTimeout(timer);
    if (link === shown) return;
    const { claim, meaning } = link.dataset;
    const entry = meaning ? link : document.getElementById(`ref-${claim}`);
    if (!entry) return;
    close();
    const copy = entry.cloneNode(!meaning);
    if (meaning) copy.append(meaning);
    copy.querySelectorAll(".meta a").forEach((a) => a.remove());
    // Who said it heads all that came from one mouth.
    const said = entry.closest(".mouth")?.querySelector(".said");
    if (said && !copy.querySelector(".worked")) {
      const who = document.createElement("p");
      who.append(said.textContent.trim());
      copy.firstElementChild.after(who);
    }
    copy.querySelectorAll("a").forEach((a) => a.replaceWith(...a.childNodes));
    card.setAttribute("aria-hidden", !tapped);
    if (native) card.showPopover();
    else card.hidden = false;
    card.replaceChildren(...copy.childNodes);
    link.dataset.card = "";
    shown = link;
    let { top, bottom } = sentence(link);
    if (Math.max(top, innerHeight - bottom) < LEAST) ({ top, bottom } = link.getBoundingClientRect());
    card.style.maxHeight = "";
    const room = document.documentElement.clientWidth - card.offsetWidth - GAP;
    const below = bottom + card.offsetHeight + GAP < innerHeight || innerHeight - bottom > top;
    // One that is too high for the window is scrolled in itself, from its first line.
    card.style.maxHeight = `${(below ? innerHeight - bottom : top) - 2 * GAP}px`;
    card.scrollTop = 0;
    const height = card.offsetHeight + GAP;
    const left = Math.max(GAP, Math.min(link.getClientRects()[0].left, room));
    card.style.left = `${scrollX + left}px`;
    card.style.top = `${scrollY + (below ? bottom + GAP : top - height)}px`;
  };

  const later = (wait, action, ...values) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait, ...values);
  };

  document.querySelectorAll('a.claim[href^="#ref-"], a.term[title]').forEach((link) => {
    let tapped = false;
    if (link.title) {
      // The browser would show it as well, in its own way.
      link.dataset.meaning = link.title;
      link.removeAttribute("title");
      link.setAttribute("aria-description", link.dataset.meaning);
    }
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") later(OPENS, open, link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") later(CLOSES, close);
    });
    link.addEventListener("pointerdown", (event) => {
      tapped = event.pointerType === "touch" && shown !== link;
    });
    link.addEventListener("pointercancel", () => (tapped = false));
    link.addEventListener("focus", () => {
      if (!tapped && link.matches(":focus-visible")) open(link);
    });
    link.addEventListener("blur", () => later(CLOSES, close));
    link.addEventListener("click", (event) => {
      if (tapped) {
        event.preventDefault();
        open(link, true);
      } else close();
      tapped = false;
    });
  });
  // The marks of a drawing, which are no stops of the Tab key: the table says what they say.
  document.querySelectorAll(".drawing > svg").forEach((drawing) => {
    const mark = ({ target }) => target.closest("[data-claim]");
    drawing.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch" && mark(event)) later(OPENS, open, mark(event));
    });
    drawing.addEventListener("pointerout", (event) => {
      if (event.pointerType !== "touch" && mark(event)) later(CLOSES, close);
    });
    drawing.addEventListener("click", (event) => mark(event) && open(mark(event), true));
  });
  // A card may be reached by the pointer, to be read in peace or to have its text selected.
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") later(CLOSES, close);
  });
  // The browser closes an open popover on Esc, a click elsewhere or the way back; others need help.
  card.addEventListener("beforetoggle", (event) => event.newState === "closed" && closed());
  document.addEventListener("pointerdown", ({ target }) => {
    if (shown && !card.contains(target) && !shown.contains(target)) close();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());

  // A link to an entry unfolds it; not every browser does that by itself.
  addEventListener("hashchange", () => {
    const folded = document.getElementById(location.hash.slice(1))?.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    document.getElementById(location.hash.slice(1)).scrollIntoView();
  });
})();
