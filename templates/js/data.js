/* Adds a search, filters, orders and a count to a list that is whole without them. A link to an
   entry that they hide clears them. */
(() => {
  "use strict";
  const bar = document.querySelector(".filters");
  const search = bar.querySelector("input");
  const choices = [...bar.querySelectorAll("select")];
  const count = bar.querySelector("output");
  const { lang } = document.documentElement;
  const collator = new Intl.Collator(lang, { numeric: true });

  // Words are found whatever their case and accents.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const cell = (entry, column) => entry.querySelector(`summary .${column}`);
  const words = (entry, column) => cell(entry, column).textContent.trim();
  const groups = [...document.querySelectorAll(".group")].map((section) => ({
    section,
    entries: [...section.querySelectorAll(".entry")].map((entry) => ({
      entry,
      text: plain(
        [...entry.querySelectorAll("summary, .more > p, [id]")]
          .map((part) => `${part.id} ${part.matches(".more") ? "" : part.textContent}`)
          .join(" "),
      ),
    })),
  }));
  const all = groups.flatMap((group) => group.entries);
  // What stands in order of a column stands in one list, before the groups.
  const sorted = document.createElement("section");
  sorted.className = "group";
  groups[0]?.section.before(sorted);
  let column = "";
  let down = false;

  choices.forEach((select) => {
    const options = new Set(all.map(({ entry }) => words(entry, select.dataset.column)));
    options.delete("");
    [...options].sort(collator.compare).forEach((option) => select.add(new Option(option)));
  });

  const filter = () => {
    const wanted = plain(search.value).split(/\s+/);
    let shown = 0;
    groups.forEach(({ section, entries }) => {
      let some = 0;
      entries.forEach(({ entry, text }) => {
        const fits =
          wanted.every((word) => text.includes(word)) &&
          choices.every(({ value, dataset }) => !value || words(entry, dataset.column) === value);
        entry.hidden = !fits;
        some += fits;
      });
      section.hidden = !some || column;
      shown += some;
    });
    const title = document.querySelector(`.columns .${column || "none"}`)?.textContent;
    count.value = count.dataset.text
      .replace("{n}", shown.toLocaleString(lang))
      .replace("{total}", all.length.toLocaleString(lang));
    if (column) count.value += count.dataset[down ? "down" : "up"].replace("{column}", title);
  };

  // Figures of different units have no order among themselves: each unit stands together. What says
  // nothing stands last.
  const key = ({ entry }) => {
    const { dataset, textContent } = cell(entry, column);
    const value = cell(entry, column).querySelector("data")?.value;
    const text = dataset.key?.replace(/^\D+/, "") ?? textContent.trim(); // "about 2014"
    return { entry, unit: dataset.unit ?? "", number: parseFloat(value), text };
  };
  const compare = (a, b) =>
    !a.text - !b.text ||
    collator.compare(a.unit, b.unit) ||
    (down ? -1 : 1) * (a.number - b.number || collator.compare(a.text, b.text));
  const arrange = () => {
    groups.forEach(({ section, entries }) => section.append(...entries.map(({ entry }) => entry)));
    if (column) sorted.append(...all.map(key).sort(compare).map(({ entry }) => entry));
    document.querySelectorAll(".columns button").forEach((button) => {
      const on = button.parentNode.className === column;
      button.setAttribute("aria-pressed", on);
      button.parentNode.dataset.order = on ? (down ? "down" : "up") : "";
    });
    filter();
  };

  // One press puts in order, the next the other way round, the third back as it was listed.
  document.querySelectorAll(".columns span").forEach((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...name.childNodes);
    name.append(button);
    button.addEventListener("click", () => {
      const again = column === name.className;
      column = again && down ? "" : name.className;
      down = again && !down;
      arrange();
    });
  });

  const clear = () => {
    [search, ...choices].forEach((control) => (control.value = ""));
    filter();
  };

  // Not every browser opens what a link leads into.
  const reveal = (hash) => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    const entry = target?.closest(".entry");
    if (entry?.hidden || (target?.closest("[hidden]") && !column)) clear();
    if (!entry) return;
    entry.open = true;
    target.scrollIntoView();
  };

  search.addEventListener("input", filter);
  choices.forEach((select) => select.addEventListener("change", filter));
  bar.querySelector("p button").addEventListener("click", () => {
    clear();
    search.focus();
  });
  // Before the link is followed; and when an address is typed, or the reader goes back.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.('a[href^="#"]');
    if (link) reveal(link.hash);
  });
  addEventListener("hashchange", () => reveal(location.hash));
  bar.hidden = false;
})();
