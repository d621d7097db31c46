/** The weights of a graph model, as its shards hold them. */
/** @import { io } from "@tensorflow/tfjs-core" */
/** @import { Tensor } from "./plain/tensors.js" */

/** @type {Record<string, number>} */
const BYTES_PER_VALUE = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };

/**
 * @param {io.ModelJSON} modelJson
 * @param {ArrayBuffer} weights Its shards, one after the other.
 * @returns {io.WeightsManifestEntry[]} What the weights are, in their order.
 * @throws {Error} If there aren't as many bytes as that.
 */
export function specsFor({ weightsManifest }, weights) {
  const specs = weightsManifest.flatMap((group) => group.weights);
  const expected = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (weights.byteLength !== expected) {
    throw new Error(`expected ${expected} bytes of weights, found ${weights.byteLength}`);
  }
  return specs;
}

/**
 * @param {io.WeightsManifestEntry[]} specs
 * @param {ArrayBuffer} weights
 * @returns {Map<string, Tensor>} By name.
 * @throws {Error} If they are something else than float32 and int32.
 */
export function decoded(specs, weights) {
  let start = 0;
  return new Map(
    specs.map((spec) => {
      const bytes = weights.slice(start, start + bytesOf(spec)); // a copy, as it may begin at an odd byte
      start += bytes.byteLength;
      return [spec.name, { shape: spec.shape, values: valuesOf(spec, bytes) }];
    }),
  );
}

/**
 * @param {io.WeightsManifestEntry} spec
 * @param {ArrayBuffer} bytes
 * @returns {Float32Array | Int32Array}
 */
function valuesOf({ dtype, quantization }, bytes) {
  if (dtype !== "float32" && dtype !== "int32")
    throw new Error(`expected numbers as weights, found ${dtype}`);
  if (!quantization) return dtype === "int32" ? new Int32Array(bytes) : new Float32Array(bytes);
  const { dtype: stored, scale = 1, min = 0 } = quantization;
  const values = stored === "uint8" ? new Uint8Array(bytes) : new Uint16Array(bytes);
  if (stored === "float16") return Float32Array.from(values, fromFloat16);
  const levels = (/** @type {number} */ level) => level * scale + min;
  if (dtype === "int32") return Int32Array.from(values, (level) => Math.round(levels(level)));
  return Float32Array.from(values, levels);
}

/** @param {number} bits @returns {number} */
function fromFloat16(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

/**
 * @param {io.WeightsManifestEntry} weight
 * @returns Its length in the shards, where it may be quantised.
 */
function bytesOf({ shape, dtype, quantization }) {
  const values = shape.reduce((product, side) => product * side, 1);
  return values * BYTES_PER_VALUE[quantization?.dtype ?? dtype];
}
