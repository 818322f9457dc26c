/* For pages of others that frame a chart, beside the frame: gives it the height that its chart needs
   in the column where it stands. Without this the frame keeps the height that is written in it. */
(() => {
  "use strict";
  const { origin } = new URL(document.currentScript.src);
  const frames = () =>
    [...document.querySelectorAll("iframe")].filter(({ src }) => src.startsWith(`${origin}/`));
  addEventListener("message", ({ source, data }) => {
    const height = data?.explainerHeight;
    const frame = height > 0 && frames().find(({ contentWindow }) => contentWindow === source);
    if (frame) frame.style.height = `${height}px`;
  });
  // Those that have told before this was there tell again.
  frames().forEach(({ contentWindow }) => contentWindow.postMessage({ explainerAsk: true }, "*"));
})();
