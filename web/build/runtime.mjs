/**
 * Builds the page's runtime: node build/runtime.mjs OUT OPS.json
 *
 * OPS.json lists the TensorFlow ops of the models that the page will run. OUT receives runtime-HASH.js, which
 * is then proven in Node, and around which build/page.mjs builds the page.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeHashed } from "./content_hash.mjs";
import { bundle, PACKAGES, runScript, SRC } from "./esbuild.mjs";
import { kernelsFor, opsFor } from "./tfjs_kernels.mjs";

const CORE = join(PACKAGES, "@tensorflow", "tfjs-core", "dist");
const TFJS_VERSION = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json").version;
const NOTICE = `/*! inkproof (Apache-2.0), with TensorFlow.js ${TFJS_VERSION}, Copyright Google LLC (Apache-2.0: www.apache.org/licenses/LICENSE-2.0) */`;

const NO_STRING_HASHES = `
  export function hexToLong() { throw new Error("this runtime does not hash strings"); }
  export const fingerPrint64 = hexToLong;
`;

async function main([out, opsFile, ...rest]) {
  if (!out || !opsFile || rest.length > 0) throw new Error("expected: node build/runtime.mjs OUT OPS.json");
  const tensorflowOps = await readOpNames(opsFile);
  const ops = opsFor(tensorflowOps);
  const runtime = await bundleRuntime(tensorflowOps, ops, kernelsFor(ops));
  await mkdir(out, { recursive: true });
  await writeHashed(out, "runtime.js", runtime);
}

async function readOpNames(file) {
  const text = await readFile(file, "utf8");
  const names = parsed(text);
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new Error(`expected a JSON list of op names in ${file}, found something else`);
  }
  return [...new Set(names)].sort();
}

/** What a text holds as JSON; undefined where it is none. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bundleRuntime(tensorflowOps, ops, kernels) {
  return bundle("runtime/runtime.js", {
    format: "esm",
    banner: { js: NOTICE },
    // The executors ask for ops that were cut on purpose; a model that used them would name them.
    logOverride: { "import-is-undefined": "silent" },
    plugins: [onlyWhatIsUsed(tensorflowOps, ops, kernels)],
  });
}

/**
 * Cuts TF.js down to these ops and kernels, along the seams that it keeps for custom bundles: its core
 * without registrations, the list of ops for the converter, kernels registered one by one.
 */
function onlyWhatIsUsed(tensorflowOps, ops, kernels) {
  const quoted = JSON.stringify;
  const core = [
    `import ${quoted(join(CORE, "base_side_effects.js"))};`,
    `export * from ${quoted(join(CORE, "base.js"))};`,
  ].join("\n");
  const registrations = [
    'import { registerKernel } from "@tensorflow/tfjs-core";',
    ...kernels.map(({ config, file }) => `import { ${config} } from ${quoted(file)};`),
    ...kernels.map(({ config }) => `registerKernel(${config});`),
  ].join("\n");

  return {
    name: "only-what-is-used",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: "core", namespace: "inkproof" }));
      onResolve({ filter: /^inkproof:kernels$/ }, () => ({ path: "kernels", namespace: "inkproof" }));
      onLoad({ filter: /^core$/, namespace: "inkproof" }, () => ({ contents: core, resolveDir: SRC }));
      onLoad({ filter: /^kernels$/, namespace: "inkproof" }, () => ({
        contents: registrations,
        resolveDir: SRC,
      }));
      onLoad({ filter: /[\\/]ops_for_converter\.js$/ }, () => ({ contents: exportsOf(ops) }));
      // runtime.js brings a platform of its own that fits both browsers and Node.
      onLoad({ filter: /[\\/]platforms[\\/]platform_(browser|node)\.js$/ }, () => ({ contents: "" }));
      // Hashing strings brings a library that tries WebAssembly at import, which the page's policy reports.
      onLoad({ filter: /[\\/]tfjs-core[\\/]dist[\\/]hash_util\.js$/ }, () => ({
        contents: NO_STRING_HASHES,
      }));
      onLoad({ filter: /[\\/]operations[\\/]op_list[\\/]\w+\.js$/ }, ({ path }) =>
        keepDescriptions(path, tensorflowOps),
      );
    },
  };
}

/** A module that exports these ops as TF.js's own list does: plain ones by name, others in their namespaces. */
function exportsOf(ops) {
  const lines = ops.map(
    ({ namespace, name, file }) =>
      `import { ${name} as ${identifier(namespace, name)} } from ${JSON.stringify(file)};`,
  );
  const plain = ops.filter(({ namespace }) => !namespace);
  lines.push(`export { ${plain.map(({ name }) => `${identifier(null, name)} as ${name}`).join(", ")} };`);
  for (const namespace of new Set(ops.map((op) => op.namespace).filter(Boolean))) {
    const members = ops.filter((op) => op.namespace === namespace);
    const entries = members.map(({ name }) => `${name}: ${identifier(namespace, name)}`);
    lines.push(`export const ${namespace} = { ${entries.join(", ")} };`);
  }
  return lines.join("\n");
}

function identifier(namespace, name) {
  return `${namespace ?? "plain"}_${name}`;
}

/** TF.js's descriptions of TensorFlow's ops in one of its lists, cut to those that the model names. */
async function keepDescriptions(path, tensorflowOps) {
  const source = await readFile(path, "utf8");
  const { json } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const kept = json.filter((description) => tensorflowOps.includes(description.tfOpName));
  return { contents: `export const json = ${JSON.stringify(kept)};` };
}

await runScript("build/runtime.mjs", main);
