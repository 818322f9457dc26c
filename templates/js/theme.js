/* Keeps to the colours that a reader has chosen, before anything is painted, and shows the button
   that changes them. The choice is all that this site ever stores; without it the device decides.
   A page that frames one of ours says by ?theme=light or ?theme=dark what it is like itself.
   Shows the button of the search as well, and fetches that when it is pressed, or
   Ctrl+K: a letter alone would be pressed unmeant, by voice or by hand. */
(() => {
  "use strict";
  const CHOICES = ["system", "light", "dark"];
  const root = document.documentElement;
  let chosen = new URLSearchParams(location.search).get("theme");
  try {
    if (!CHOICES.includes(chosen)) chosen = localStorage.getItem("theme");
  } catch {
    // Where nothing may be kept, the choice holds for this page.
  }
  const apply = () => {
    if (!CHOICES.includes(chosen)) chosen = CHOICES[0];
    if (chosen === CHOICES[0]) delete root.dataset.theme;
    else root.dataset.theme = chosen;
  };
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const search = document.querySelector("button.search");
    if (!search) return;
    search.hidden = false;
    const fetched = () => {
      const script = document.createElement("script");
      script.src = search.dataset.script;
      document.head.append(script);
    };
    search.addEventListener("click", fetched, { once: true });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      search.click();
    });
  });
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme");
    if (!button) return;
    const show = () => (button.textContent = button.dataset[chosen]);
    show();
    button.hidden = false;
    button.addEventListener("click", () => {
      chosen = CHOICES[(CHOICES.indexOf(chosen) + 1) % CHOICES.length];
      apply();
      show();
      try {
        localStorage.setItem("theme", chosen);
      } catch {
        // As above.
      }
    });
  });
})();
