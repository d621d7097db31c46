/** The page as one file, opened from a disk. */
import { embedded } from "./model/embedded.js";
import { start } from "./start.js";

start(embedded);
