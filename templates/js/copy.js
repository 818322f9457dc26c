/* Adds a button that copies to each way of citing, which can be selected and copied without it. */
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
