/** What the page reads from its own folder: `site.json`, the model and the runtime that runs it. */

/** Something that the page needs is missing or damaged; the message is meant for the person in front of it. */
export class SiteError extends Error {}

/**
 * @typedef {object} Site What the build says about itself.
 * @property {object} contract `train/contract.py` as JSON.
 * @property {{target: string, url: string, bytes: number}} model
 * @property {string} dataset "mnist", "pen", or the name of another data set.
 * @property {number} reference_accuracy Accuracy of the Keras model, 0..1.
 * @property {{runtime: string, samples: number, max_abs_diff: number, top1_agreement: number,
 *     accuracy: number}} parity How the model compares with it on the test split.
 */

/** @returns {Promise<Site>} */
export async function loadSite() {
  const site = await fetchJson("site.json");
  for (const part of ["contract", "model", "dataset", "parity"]) {
    if (!site?.[part]) throw new SiteError(`The file site.json is damaged: it has no “${part}”.`);
  }
  return site;
}

/**
 * Fetches the model that the site names, and makes it ready to answer.
 *
 * @param {Site} site
 * @returns {Promise<import("./runtime.js").Model>}
 * @throws {SiteError} If a file is missing, damaged, or not the model that the contract describes.
 */
export async function loadModel(site) {
  const [runtime, { modelJson, weights }] = await Promise.all([loadRuntime(), fetchModel(site.model.url)]);
  const model = await runtime.load(modelJson, weights).catch((error) => {
    throw new SiteError(`The model (${site.model.url}) is damaged: ${error.message}.`);
  });
  const { height, width, channels, labels } = site.contract;
  if (model.inputShape.join() !== [height, width, channels].join() || model.classes !== labels.length) {
    throw new SiteError(`The model (${site.model.url}) does not fit the contract in site.json.`);
  }
  return model;
}

function loadRuntime() {
  return import("./runtime.js").catch(() => {
    throw new SiteError("The file runtime.js could not be loaded.");
  });
}

async function fetchModel(url) {
  const modelJson = await fetchJson(url);
  const paths = modelJson?.weightsManifest?.flatMap((group) => group.paths);
  if (!paths) throw new SiteError(`The file ${url} is damaged: it lists no weights.`);
  const folder = url.slice(0, url.lastIndexOf("/") + 1);
  const shards = await Promise.all(paths.map((path) => fetchFile(folder + path)));
  const weights = await new Blob(shards).arrayBuffer();
  return { modelJson, weights };
}

async function fetchJson(url) {
  const bytes = await fetchFile(url);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new SiteError(`The file ${url} is damaged: it is not JSON.`);
  }
}

async function fetchFile(url) {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
    throw new SiteError(`The file ${url} could not be loaded: the server answered ${response.status}.`);
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw new SiteError(`The file ${url} could not be loaded.`);
  }
}
