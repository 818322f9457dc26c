/* The search over pages, charts, terms, claims and sources. Fetched, with the index of the page's
   language, when it is asked for; theme.js asks. Arrow keys go through what is found, Enter follows
   it, Esc closes. */
(() => {
  "use strict";
  const MOST = 24; // what is shown of all that is found
  const opener = document.querySelector("button.search");
  // Words are found whatever their case and accents.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const begin = ({ words, entries }, top) => {
    const sought = entries.map(([kind, path, title, more]) => {
      const name = ` ${plain(title)}`;
      return { kind, path, title, more, name, all: `${name} ${plain(more)}` };
    });
    const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const status = make("output", {});
    const list = make("ul", {});
    const close = make("button", { type: "button", textContent: words.close });
    const box = make(
      "dialog",
      { className: "search-box" },
      make("label", {}, words.title, input),
      close,
      status,
      list,
    );
    box.setAttribute("aria-label", words.label);
    document.body.append(box);

    // A word that begins the title says more than one inside it, and that more than one beside it;
    // what there are many of stands behind what there are few of.
    const worth = ({ kind, name, all }, wanted) =>
      wanted.reduce((sum, word) => {
        if (!all.includes(word)) return NaN;
        const begins = name.includes(` ${word}`);
        return sum + (name.startsWith(` ${word}`) ? 4 : begins ? 3 : name.includes(word) ? 2 : 1);
      }, kind === "claim" || kind === "source" ? 0 : 1);

    const find = () => {
      const wanted = plain(input.value).split(/\s+/).filter(Boolean);
      const found = (wanted.length ? sought : [])
        .map((entry) => ({ ...entry, worth: worth(entry, wanted) }))
        .filter((entry) => entry.worth > 0)
        .sort((a, b) => b.worth - a.worth);
      status.value = !wanted.length
        ? words.hint
        : found.length
          ? words.found.replace("{n}", found.length.toLocaleString(document.documentElement.lang))
          : words.none;
      list.replaceChildren(
        ...found.slice(0, MOST).map(({ kind, path, title, more }) =>
          make(
            "li",
            {},
            make(
              "a",
              { href: new URL(path, top) },
              make("span", { className: "kind", textContent: words[kind] }),
              " ",
              make("b", { textContent: title }),
              " ",
              make("span", { className: "more", textContent: more }),
            ),
          ),
        ),
      );
      box.scrollTop = 0;
    };

    const open = () => {
      if (!box.open) box.showModal();
      input.select();
    };
    input.addEventListener("input", find);
    close.addEventListener("click", () => box.close());
    box.addEventListener("click", ({ target }) => {
      // A place of this page is gone to; the grey around the box is no part of it.
      if (target === box || target.closest("a")) box.close();
    });
    box.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && links.length) {
        event.preventDefault();
        (links[at + step] ?? (step < 0 ? input : links.at(-1))).focus();
      } else if (event.key === "Escape") {
        // In a field with words, browsers would clear that first.
        event.preventDefault();
        box.close();
      } else if (event.key === "Enter" && document.activeElement === input) {
        links[0]?.click();
      }
    });
    opener.addEventListener("click", open);
    find();
    open();
  };

  const index = make("script", { src: opener.dataset.index });
  index.addEventListener("load", () => begin(window.explainerIndex, new URL("..", index.src)));
  document.head.append(index);
})();
