/** The page as a folder on a host: starts it, and stores it for use without a network. */
import { folder } from "./model/folder.js";
import { start } from "./start.js";

// The worker comes last, so that the first prediction does not wait for the files that it stores. Where a
// browser refuses it, the page works without it.
start(folder).then((works) => {
  if (works) navigator.serviceWorker?.register("sw.js").catch(() => {});
});
