/**
 * Builds the page's runtime: node build/runtime.mjs OUT plain, or node build/runtime.mjs OUT cpu | wasm OPS.json
 *
 * It runs the models on the backend that build/backend.mjs has chosen for them. OPS.json lists their TensorFlow ops,
 * to which TensorFlow.js is cut. OUT receives runtime-HASH.js, with which parity is then measured in Node, and around
 * which build/page.mjs builds the page.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeHashed } from "./content_hash.mjs";
import { bundle, PACKAGES, runScript, SRC } from "./esbuild.mjs";
import { kernelsFor, opsFor } from "./tfjs_kernels.mjs";

/** @import { Kernel, TfjsOp } from "./tfjs_kernels.mjs" */

const CORE = join(PACKAGES, "@tensorflow", "tfjs-core", "dist");
const TFJS_VERSION = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json").version;
const NOTICE = "inkproof (Apache-2.0)";
const NOTICE_OF_TFJS = `TensorFlow.js ${TFJS_VERSION}, Copyright Google LLC (Apache-2.0: www.apache.org/licenses/LICENSE-2.0)`;

const NO_STRING_HASHES = `
  export function hexToLong() { throw new Error("this runtime does not hash strings"); }
  export const fingerPrint64 = hexToLong;
`;

/** @type {Record<string, {entry: string, options: import("esbuild").BuildOptions}>} */
const OF_TFJS = {
  cpu: { entry: "runtime/runtime.js", options: {} },
  wasm: {
    entry: "runtime/runtime_wasm.js",
    options: {
      loader: { ".wasm": "binary" },
      define: { process: "undefined" }, // where the backend finds one, it wants Node's `require` too
    },
  },
};

/** @param {string[]} options */
async function main([out, backend, opsFile, ...rest]) {
  const known = backend === "plain" ? !opsFile : Object.hasOwn(OF_TFJS, backend ?? "") && opsFile;
  if (!out || !known || rest.length > 0) {
    throw new Error("expected: node build/runtime.mjs OUT plain, or OUT cpu | wasm OPS.json");
  }
  const runtime = await (backend === "plain"
    ? bundlePlain()
    : bundleTfjs(backend, await readOpNames(opsFile)));
  await mkdir(out, { recursive: true });
  await writeHashed(out, "runtime.js", runtime);
}

function bundlePlain() {
  return bundle("runtime/runtime_plain.js", { format: "esm", banner: { js: `/*! ${NOTICE} */` } });
}

/** @param {string} backend @param {string[]} tensorflowOps */
function bundleTfjs(backend, tensorflowOps) {
  const { entry, options } = OF_TFJS[backend];
  return bundle(entry, {
    ...options,
    format: "esm",
    banner: { js: `/*! ${NOTICE}, with ${NOTICE_OF_TFJS} */` },
    // The executors import ops that were left out on purpose; a model that used them would name them.
    logOverride: { "import-is-undefined": "silent" },
    plugins: [onlyWhatIsUsed(tensorflowOps, /** @type {"cpu" | "wasm"} */ (backend))],
  });
}

/** @param {string} file @returns {Promise<string[]>} */
async function readOpNames(file) {
  const text = await readFile(file, "utf8");
  let names;
  try {
    names = JSON.parse(text);
  } catch {}
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new Error(`expected a JSON list of op names in ${file}, found something else`);
  }
  return [...new Set(names)].sort();
}

/**
 * Reduces TF.js to what a model's ops need, at the places that it provides for custom bundles: its core without
 * registrations, the list of ops for the converter, kernels registered one by one.
 *
 * @param {string[]} tensorflowOps
 * @param {"cpu" | "wasm"} backend
 * @returns {import("esbuild").Plugin}
 */
function onlyWhatIsUsed(tensorflowOps, backend) {
  const ops = opsFor(tensorflowOps);
  const [sideEffects, base] = ["base_side_effects.js", "base.js"].map((name) =>
    JSON.stringify(join(CORE, name)),
  );
  /** @type {Record<string, string>} */
  const modules = {
    "@tensorflow/tfjs-core": `import ${sideEffects}; export * from ${base};`,
    "inkproof:kernels": registrationsOf(kernelsFor(ops, backend)),
  };
  /** @type {[RegExp, string][]} */
  const replaced = [
    [/[\\/]ops_for_converter\.js$/, exportsOf(ops)],
    // The wasm backend's other variant, with threads; a page that isn't isolated from other sites can't have them.
    [/[\\/]tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/, "export const wasmWorkerContents = '';"],
    // graph_model.js brings a platform of its own that fits both browsers and Node.
    [/[\\/]platforms[\\/]platform_(browser|node)\.js$/, ""],
    // Hashing strings needs a library that tries WebAssembly at import, which violates the page's policy.
    [/[\\/]tfjs-core[\\/]dist[\\/]hash_util\.js$/, NO_STRING_HASHES],
  ];
  return {
    name: "only-what-is-used",
    setup({ onResolve, onLoad }) {
      const [namespace, resolveDir] = ["inkproof", SRC];
      onResolve({ filter: /^(@tensorflow\/tfjs-core|inkproof:kernels)$/ }, ({ path }) => ({
        path,
        namespace,
      }));
      onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: modules[path], resolveDir }));
      for (const [filter, contents] of replaced) onLoad({ filter }, () => ({ contents }));
      onLoad({ filter: /[\\/]operations[\\/]op_list[\\/]\w+\.js$/ }, async ({ path }) => {
        return { contents: await descriptionsOf(tensorflowOps, path) };
      });
    },
  };
}

/** @param {Kernel[]} kernels @returns {string} A module that registers them. */
function registrationsOf(kernels) {
  return [
    'import { registerKernel } from "@tensorflow/tfjs-core";',
    ...kernels.map(({ config, file }) => `import { ${config} } from ${JSON.stringify(file)};`),
    ...kernels.map(({ config }) => `registerKernel(${config});`),
  ].join("\n");
}

/** @param {TfjsOp[]} ops @returns {string} TF.js's own list: plain ones by name, others in their namespaces. */
function exportsOf(ops) {
  const lines = ops.map(
    ({ namespace, name, file }) => `import { ${name} as ${namespace}_${name} } from ${JSON.stringify(file)};`,
  );
  for (const namespace of new Set(ops.map((op) => op.namespace))) {
    const names = ops.filter((op) => op.namespace === namespace).map(({ name }) => name);
    lines.push(
      namespace
        ? `export const ${namespace} = { ${names.map((name) => `${name}: ${namespace}_${name}`).join(", ")} };`
        : `export { ${names.map((name) => `_${name} as ${name}`).join(", ")} };`,
    );
  }
  return lines.join("\n");
}

/**
 * @param {string[]} tensorflowOps
 * @param {string} path One of TF.js's lists of descriptions of TensorFlow's ops.
 * @returns {Promise<string>} The list with those ops alone.
 */
async function descriptionsOf(tensorflowOps, path) {
  const source = await readFile(path, "utf8");
  /** @type {{json: {tfOpName: string}[]}} */
  const { json } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const kept = json.filter(({ tfOpName }) => tensorflowOps.includes(tfOpName));
  return `export const json = ${JSON.stringify(kept)};`;
}

await runScript("build/runtime.mjs", main);
