/* Adds a button that copies to each way of citing, which can be selected and copied without it; and
   where the device has a way of its own to share an address, a button for that. */
document.querySelectorAll(".copy").forEach((line) => {
  const status = line.lastElementChild;
  const cited = line.previousElementSibling;
  line.hidden = false;
  line.firstElementChild.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(cited.textContent);
      status.textContent = status.dataset.done;
    } catch {
      getSelection().selectAllChildren(cited);
      status.textContent = status.dataset.failed;
    }
  });
});

const send = document.querySelector(".send");
if (send && navigator.share) {
  const url = document.querySelector("link[rel=canonical]").href;
  send.hidden = false;
  send.addEventListener("click", () => navigator.share({ title: document.title, url }).catch(() => {}));
}
