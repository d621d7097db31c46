/** The page as a folder on a host: starts it, and keeps it for times without a network. */
import { folder } from "./model/folder.js";
import { start } from "./page.js";

// The worker comes last: the first answer shall not wait for the copies that it keeps. Without it, where a
// browser refuses it, the page works too.
start(folder).then((works) => works && navigator.serviceWorker?.register("sw.js").catch(() => {}));
