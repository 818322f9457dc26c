/* Adds a filter, a choice of order and a count to the list of claims, which is whole without it.
   A link to a claim that the filter hides clears the filter. */
(() => {
  "use strict";
  const bar = document.querySelector(".filters");
  const search = bar.querySelector("input");
  const choices = [...bar.querySelectorAll("select[data-key]")];
  const sort = bar.querySelector(".sort");
  const count = bar.querySelector("output");
  const { lang } = document.documentElement;

  // Words are found whatever their case and accents.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const groups = [...document.querySelectorAll(".group")].map((section) => ({
    section,
    entries: [...section.querySelectorAll(".entry")].map((entry) => ({
      entry,
      ...entry.dataset,
      date: entry.dataset.date.replace(/^\D+/, ""), // "unstated", "about 2014"
      value: parseFloat(entry.querySelector("data").value),
      text: plain(
        [entry, ...entry.querySelectorAll(".figure, .what, .what ~ p")]
          .map((part, i) => (i ? part.textContent : part.id))
          .join(" "),
      ),
    })),
  }));
  const all = groups.flatMap((group) => group.entries);

  choices.forEach((select) => {
    const options = new Set(all.map((item) => item[select.dataset.key]).filter(Boolean));
    [...options].sort((a, b) => a.localeCompare(b, lang)).forEach((o) => select.add(new Option(o)));
  });

  // Figures of different units have no order among themselves: each unit stands together.
  const orders = {
    listed: () => 0,
    value: (a, b) => a.unit.localeCompare(b.unit) || a.value - b.value,
    date: (a, b) => (a.date < b.date) - (a.date > b.date),
  };

  const filter = () => {
    const words = plain(search.value).split(/\s+/);
    let shown = 0;
    groups.forEach(({ section, entries }) => {
      let some = 0;
      entries.forEach((item) => {
        const fits =
          words.every((word) => item.text.includes(word)) &&
          choices.every(({ value, dataset }) => !value || item[dataset.key] === value);
        item.entry.hidden = !fits;
        some += fits;
      });
      section.hidden = !some;
      shown += some;
    });
    count.value = count.dataset.text
      .replace("{n}", shown.toLocaleString(lang))
      .replace("{total}", all.length.toLocaleString(lang));
  };

  const arrange = () =>
    groups.forEach(({ section, entries }) =>
      section.append(...[...entries].sort(orders[sort.value]).map((item) => item.entry)),
    );

  const clear = () => {
    [search, ...choices].forEach((control) => (control.value = ""));
    filter();
  };

  const reveal = (hash) => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target?.closest(".group [hidden], .group[hidden]")) return;
    clear();
    target.scrollIntoView();
  };

  search.addEventListener("input", filter);
  choices.forEach((select) => select.addEventListener("change", filter));
  sort.addEventListener("change", arrange);
  bar.querySelector("button").addEventListener("click", () => {
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
