/* Adds a small card to the figures in the text: what the reference at the foot of the page says
   about a figure, shown beside it on hover, focus or first tap. The link to the reference, which
   the keyboard and screen readers follow, stays as it is, so the card is hidden from the latter. */
(() => {
  "use strict";
  const REST = 120; // ms of pointer rest before a card opens, and of absence before it closes
  const card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  card.setAttribute("aria-hidden", "true");
  document.body.append(card);
  let shown; // the link whose card is open
  let timer;

  const close = () => {
    clearTimeout(timer);
    shown?.removeAttribute("data-card");
    shown = undefined;
    card.hidden = true;
  };

  const open = (link) => {
    clearTimeout(timer);
    if (link === shown) return;
    close();
    const entry = document.getElementById(link.hash.slice(1));
    if (!entry) return;
    const copy = entry.cloneNode(true);
    copy.querySelectorAll(".meta a").forEach((a) => a.remove());
    copy.querySelectorAll("a").forEach((a) => a.replaceWith(...a.childNodes));
    card.replaceChildren(...copy.childNodes);
    card.hidden = false;
    link.dataset.card = "";
    shown = link;
    // The line of the link that is nearest to the eye, as a link may break over two lines.
    const at = link.getClientRects()[0];
    const room = document.documentElement.clientWidth - card.offsetWidth - 8;
    const below = at.bottom + card.offsetHeight + 8 < innerHeight || at.top < card.offsetHeight + 8;
    const top = below ? at.bottom + 6 : at.top - card.offsetHeight - 6;
    card.style.left = `${scrollX + Math.max(8, Math.min(at.left, room))}px`;
    card.style.top = `${scrollY + top}px`;
  };

  const later = (action, ...values) => {
    clearTimeout(timer);
    timer = setTimeout(action, REST, ...values);
  };

  document.querySelectorAll('a.claim[href^="#ref-"]').forEach((link) => {
    let tapped = false;
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") later(open, link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") later(close);
    });
    link.addEventListener("pointerdown", (event) => {
      tapped = event.pointerType === "touch" && shown !== link;
    });
    link.addEventListener("focus", () => {
      if (!tapped && link.matches(":focus-visible")) open(link);
    });
    link.addEventListener("blur", () => later(close));
    link.addEventListener("click", (event) => {
      if (tapped) {
        event.preventDefault();
        open(link);
      } else close();
      tapped = false;
    });
  });
  // A card may be reached by the pointer, to be read in peace or to have its text selected.
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", () => later(close));
  document.addEventListener("pointerdown", (event) => {
    if (shown && !card.contains(event.target) && !shown.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
