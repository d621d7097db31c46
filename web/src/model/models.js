/** The site and its models: read, made ready to answer, and trusted only after a check. */
import { readJson, SiteError } from "./files.js";
import { demandRecordedAnswers } from "./self_check.js";

/**
 * @typedef {object} Variant One copy of the model.
 * @property {string} target As in the manifest.
 * @property {string} weights Type in which its weights are stored.
 * @property {string} url Of its `model.json`.
 * @property {number} bytes
 * @property {{runtime: string, samples: number, max_abs_diff: number, top1_agreement: number,
 *     accuracy: number}} parity How it compares with the original on the test split.
 * @property {number[][]} answers Its probabilities for the check's pictures, as recorded by the build.
 *
 * @typedef {object} Site What the build says about itself.
 * @property {object} contract `train/contract.py` as JSON.
 * @property {string} dataset "mnist", "pen", or the name of another data set.
 * @property {number} reference_accuracy Accuracy of the Keras model, 0..1.
 * @property {{pictures: string, tolerance: number}} check See `self_check.js`.
 * @property {Variant[]} variants The first is the one to start with.
 */

/**
 * @param {import("./files.js").Files} files
 * @returns {Promise<Site>}
 */
export async function loadSite(files) {
  const site = await readJson(files, files.site);
  for (const part of ["contract", "dataset", "check", "variants"]) {
    if (!site?.[part]) throw new SiteError(`The file ${files.site} is damaged: it has no “${part}”.`);
  }
  return site;
}

/**
 * The models of a site, each loaded when it is first asked for.
 *
 * @param {import("./files.js").Files} files
 * @param {Site} site
 * @returns {(variant: Variant) => Promise<import("../runtime/runtime.js").Model>} Rejects with a SiteError if a file is
 *     missing or damaged, or the model answers otherwise than it did in the build.
 */
export function openModels(files, site) {
  const loading = new Map();
  return (variant) => {
    if (!loading.has(variant)) {
      const model = loadModel(files, site, variant);
      loading.set(variant, model);
      model.catch(() => loading.delete(variant)); // the next time it may be there
    }
    return loading.get(variant);
  };
}

async function loadModel(files, site, variant) {
  const [runtime, { modelJson, weights }] = await Promise.all([
    files.loadRuntime(),
    readModel(files, variant.url),
  ]);
  const model = await runtime.load(modelJson, weights).catch((error) => {
    throw new SiteError(`The model (${variant.url}) is damaged: ${error.message}.`);
  });
  const { height, width, channels, labels } = site.contract;
  if (model.inputShape.join() !== [height, width, channels].join() || model.classes !== labels.length) {
    throw new SiteError(`The model (${variant.url}) does not fit the contract in site.json.`);
  }
  demandRecordedAnswers(model, variant, site.check);
  return model;
}

async function readModel(files, url) {
  const modelJson = await readJson(files, url);
  const paths = modelJson?.weightsManifest?.flatMap((group) => group.paths);
  if (!paths) throw new SiteError(`The file ${url} is damaged: it lists no weights.`);
  const folder = url.slice(0, url.lastIndexOf("/") + 1);
  const shards = await Promise.all(paths.map((path) => files.read(folder + path)));
  const weights = await new Blob(shards).arrayBuffer();
  return { modelJson, weights };
}
