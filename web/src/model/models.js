/** The site and its exported models: read, made ready to predict, and used only after a check. */
import { readJson, SiteError } from "./files.js";
import { requireRecordedPredictions } from "./self_check.js";
/** @import { Files, Model, Seen, Site, Variant } from "../types" */

/** @param {Files} files @returns {Promise<Site>} */
export async function loadSite(files) {
  const site = await readJson(files, files.site);
  for (const part of ["contract", "output", "dataset", "check", "variants"]) {
    if (!site?.[part]) throw new SiteError(`The file ${files.site} is damaged: it has no “${part}”.`);
  }
  return site;
}

/**
 * The models of a site, each loaded when it is first needed.
 *
 * @param {Files} files
 * @param {Site} site
 * @returns {(variant: Variant) => Promise<Model>} Rejects with a SiteError if a file is missing or damaged, or
 *     if the model's predictions differ from those in the build.
 */
export function openModels(files, site) {
  /** @type {Map<Variant, Promise<Model>>} */
  const loading = new Map();
  return (variant) => {
    const model = loading.get(variant) ?? loadModel(files, site, variant);
    loading.set(variant, model);
    model.catch(() => loading.delete(variant)); // the next time it may be there
    return model;
  };
}

/** @param {Model} model @param {Seen} seen @returns Its predictions for all pictures, one after the other. */
export function predict(model, { pictures }) {
  const size = pictures[0].length;
  const pixels = new Float32Array(pictures.length * size);
  for (const [i, picture] of pictures.entries()) pixels.set(picture, i * size);
  return model.predict(pixels, pictures.length);
}

/** @param {Files} files @param {Site} site @param {Variant} variant @returns {Promise<Model>} */
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
  requireRecordedPredictions(model, variant, site.check);
  return model;
}

/** @param {Files} files @param {string} url */
async function readModel(files, url) {
  const modelJson = await readJson(files, url);
  /** @type {string[] | undefined} */
  const paths = modelJson?.weightsManifest?.flatMap((/** @type {{paths: string[]}} */ group) => group.paths);
  if (!paths) throw new SiteError(`The file ${url} is damaged: it lists no weights.`);
  const folder = url.slice(0, url.lastIndexOf("/") + 1);
  const shards = await Promise.all(paths.map((path) => files.read(folder + path)));
  const weights = await new Blob(shards).arrayBuffer();
  return { modelJson, weights };
}
