/** What the build puts in the place of an import. */

/** The bytes of a WebAssembly binary, inside the bundle. */
declare module "*.wasm" {
  const binary: Uint8Array<ArrayBuffer>;
  export default binary;
}

/** One of the two pages: `drawing/page.js` or `picture/page.js`. */
declare module "inkproof:page" {
  /** Makes the page work; rejects where something prevents that. */
  export function run(files: import("./types").Files): Promise<void>;
}
