/** Where pictures come from: the file chooser, a drop anywhere on the page, the clipboard. */
import { element } from "../dom.js";

/**
 * @param {(files: Iterable<Blob>) => void} onFiles Called with what was chosen, dropped or pasted: at best one picture.
 */
export function listenToSources(onFiles) {
  const chooser = element("file", HTMLInputElement);
  const button = element("choose", HTMLButtonElement);
  const paper = element("paper", HTMLElement);

  button.addEventListener("click", () => chooser.click());
  button.disabled = false;
  chooser.addEventListener("change", () => {
    const chosen = [...(chooser.files ?? [])];
    chooser.value = ""; // so that the same file can be chosen again
    if (chosen.length > 0) onFiles(chosen);
  });

  /** @param {boolean} over */
  const mark = (over) => paper.classList.toggle("over", over);
  addEventListener("dragover", (event) => {
    event.preventDefault(); // else the browser leaves the page for what is dropped
    mark(true);
  });
  addEventListener("dragleave", (event) => mark(event.relatedTarget !== null));
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    onFiles(event.dataTransfer?.files ?? []);
  });
  addEventListener("paste", (event) => {
    event.preventDefault();
    onFiles(event.clipboardData?.files ?? []);
  });
}
