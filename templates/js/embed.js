/* Tells the page that frames this one how high it is, at first and whenever that changes, so that
   nothing of the chart has to be scrolled to. The page that frames it listens with js/frame.js; one
   that does not loses nothing. */
(() => {
  "use strict";
  if (parent === window) return;
  const tell = () => {
    const { height } = document.documentElement.getBoundingClientRect();
    parent.postMessage({ explainerHeight: Math.ceil(height) }, "*");
  };
  addEventListener("message", ({ data }) => data?.explainerAsk && tell());
  new ResizeObserver(tell).observe(document.documentElement);
})();
