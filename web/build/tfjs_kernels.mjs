/**
 * From a model's TensorFlow ops to the parts of TF.js that run them.
 *
 * TF.js ships a table from TensorFlow's ops to its own; which kernels those run is written only in their
 * source. So the source is read: an op names its kernels in an import from `kernel_names`, or where it runs one.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PACKAGES, SRC } from "./esbuild.mjs";

const TFJS = join(PACKAGES, "@tensorflow");
const CORE_OPS = join(TFJS, "tfjs-core", "dist", "ops");
const OPS_TABLE = join(TFJS, "tfjs-converter", "metadata", "kernel2op.json");

/** @type {Record<"cpu" | "wasm", Record<string, Kernel>>} Kernels of the page itself, in the place of a backend's. */
const OWN_KERNELS = {
  cpu: {
    Conv2D: { config: "conv2DConfig", file: join(SRC, "runtime", "conv2d.js") },
    FusedConv2D: { config: "fusedConv2DConfig", file: join(SRC, "runtime", "conv2d.js") },
  },
  wasm: {},
};

/** Tensors cast, clone and reshape themselves, whatever the ops of the graph are. */
const ALWAYS = ["Cast", "Identity", "Reshape"];

/** Modules that only training runs: a page never computes a gradient. (A transposed convolution is one by its input.) */
const ONLY_FOR_GRADIENTS = /backprop_filter|_grad\b/;

const IMPORT = /^(?:import|export) (?:\{([^}]+)\}|\*) from '([^']+)'/gm;
/** A few ops write the kernel's name out. */
const RUN = /runKernel\('(\w+)'/g;
const EXPORT = /^export (?:const|function|async function) (\w+)/gm;

/**
 * @typedef {object} TfjsOp
 * @property {string} namespace "fused" of `fused.conv2d`, empty for a plain op.
 * @property {string} name "conv2d" of `fused.conv2d`.
 * @property {string} file The module that exports it.
 *
 * @typedef {object} Kernel
 * @property {string} config Name of its configuration.
 * @property {string} file The module that exports the configuration.
 */

/**
 * The ops of TF.js that the executor calls for these TensorFlow ops.
 *
 * @param {string[]} tensorflowOps As in `modelTopology.node[].op`.
 * @returns {TfjsOp[]} Each once, sorted, so that equal models give equal bundles.
 * @throws {Error} If TF.js has no such op.
 */
export function opsFor(tensorflowOps) {
  const table = JSON.parse(readFileSync(OPS_TABLE, "utf8"));
  const unknown = tensorflowOps.filter((op) => !Object.hasOwn(table, op));
  if (unknown.length > 0) {
    throw new Error(`expected ops that TF.js can run, found ${unknown.join(", ")}`);
  }
  const names = new Set(tensorflowOps.flatMap((op) => table[op]));
  const modules = modulesOfOps();
  return [...names].sort().map((name) => locate(name, modules));
}

/**
 * @param {TfjsOp[]} ops
 * @param {"cpu" | "wasm"} backend
 * @returns {Kernel[]} The kernels that they run: the page's own where it has one, else the backend's.
 * @throws {Error} If the backend lacks one.
 */
export function kernelsFor(ops, backend) {
  const names = new Set(ALWAYS);
  const seen = /** @type {Set<string>} */ (new Set());
  for (const { file } of ops) collectKernels(file, names, seen);
  const available = kernelsOf(backend);
  const kernels = [...names].sort().map((name) => {
    const kernel = OWN_KERNELS[backend][name] ?? available.get(name);
    if (!kernel) throw new Error(`expected a kernel ${name} in TF.js's ${backend} backend, found none`);
    return kernel;
  });
  return backend === "wasm" ? withCalled(kernels, [...available.values()]) : kernels;
}

/**
 * @param {Kernel[]} kernels
 * @param {Kernel[]} available
 * @returns {Kernel[]} They and those that they call: a kernel of the wasm backend works once it is registered.
 */
function withCalled(kernels, available) {
  const files = new Set(kernels.map(({ file }) => file));
  // A set goes on with what is added to it meanwhile.
  for (const file of files) {
    for (const { target } of importsOf(file)) if (existsSync(target)) files.add(target);
  }
  return available.filter(({ file }) => files.has(file));
}

/** @returns Which module exports which op: "conv2d" or "fused/conv2d" -> file. */
function modulesOfOps() {
  const modules = new Map();
  for (const index of ["ops.js", "fused_ops.js"]) {
    for (const { names, target } of importsOf(join(CORE_OPS, index))) {
      const folder = dirname(relative(CORE_OPS, target));
      for (const name of names) modules.set(folder === "." ? name : `${folder}/${name}`, target);
    }
  }
  return modules;
}

/** @param {string} dottedName @param {Map<string, string>} modules @returns {TfjsOp} */
function locate(dottedName, modules) {
  const [name, namespace = ""] = dottedName.split(".").reverse();
  const file = modules.get(namespace ? `${namespace}/${name}` : name);
  if (!file) throw new Error(`expected an op ${dottedName} in @tensorflow/tfjs-core, found none`);
  return { namespace, name, file };
}

/** @param {string} file An op's module. @param {Set<string>} names Its kernels are added. @param {Set<string>} seen */
function collectKernels(file, names, seen) {
  if (seen.has(file)) return;
  seen.add(file);
  // Outside training a fused op runs one kernel; its imports are the unfused ops, which only gradients need.
  const isFused = dirname(relative(CORE_OPS, file)) === "fused";
  for (const [, name] of readFileSync(file, "utf8").matchAll(RUN)) names.add(name);
  for (const { names: imported, target } of importsOf(file)) {
    if (target.endsWith("kernel_names.js")) {
      for (const name of imported) names.add(name);
    } else if (!isFused && isOp(target) && !ONLY_FOR_GRADIENTS.test(target)) {
      collectKernels(target, names, seen);
    }
  }
}

/** @param {string} file */
function isOp(file) {
  return !relative(CORE_OPS, file).startsWith("..") && existsSync(file);
}

/** @param {string} backend @returns Each kernel in the backend's list of all kernels, by name. */
function kernelsOf(backend) {
  const kernels = /** @type {Map<string, Kernel>} */ (new Map());
  const list = join(TFJS, `tfjs-backend-${backend}`, "dist", "register_all_kernels.js");
  for (const { names, target } of importsOf(list)) {
    // A kernel's name is not always its file's: FusedBatchNorm lives in BatchNorm.js.
    const kernel = readFileSync(target, "utf8").match(/(?:kernelName: |KernelConfig\()'?(\w+)/)?.[1];
    if (kernel) kernels.set(kernel, { config: names[0], file: target });
  }
  return kernels;
}

/** @param {string} file @returns The module's named imports and re-exports from files of its package. */
function importsOf(file) {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)]
    .filter(([, , path]) => path.startsWith("."))
    .map(([, names, path]) => {
      const target = `${join(dirname(file), path)}.js`;
      return {
        names: names?.split(",").map((name) => name.trim().split(" as ")[0]) ?? exportsOf(target),
        target,
      };
    });
}

/** @param {string} file @returns {string[]} What the module exports itself. */
function exportsOf(file) {
  return [...readFileSync(file, "utf8").matchAll(EXPORT)].map(([, name]) => name);
}
