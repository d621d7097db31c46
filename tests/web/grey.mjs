/** Reads RGBA pixels in base64 on stdin, writes the greys that web/src/picture/channels.js makes of them. */
import { text } from "node:stream/consumers";
import { toGrey } from "../../web/src/picture/channels.js";

const rgba = new Uint8Array(Buffer.from(await text(process.stdin), "base64"));
console.log(Buffer.from(toGrey(rgba)).toString("base64"));
