/** A graph model as steps, each an operation in plain JavaScript. */
import { operationFor } from "./operations.js";

/** @import { io } from "@tensorflow/tfjs-core" */
/** @import { Attributes } from "./operations.js" */
/** @import { Tensor } from "./tensors.js" */

/**
 * @typedef {{name: string, op: string, input?: string[], attr?: Record<string, any>}} Node
 * @typedef {{name: string, tensorShape: {dim: {size: string}[]}}} Place Of an input or output.
 * @typedef {{inputs: Record<string, Place>, outputs: Record<string, Place>}} Signature
 * @typedef {io.ModelJSON & {modelTopology: {node: Node[]}, signature: Signature}} GraphModel
 */

const GIVEN = ["Const", "Placeholder"];

/**
 * @param {GraphModel} model
 * @param {Map<string, Tensor>} weights By name.
 * @returns {(picture: Tensor) => Tensor} From one picture to the outputs for it; throws where an operation can't be
 *     computed here for tensors of such shapes.
 * @throws {Error} If an operation isn't computed here, or not in the form that the graph has it in.
 */
export function runnable({ modelTopology, signature }, weights) {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const [input, output] = [signature.inputs, signature.outputs].map(onlyName);
  const ordered = /** @type {Set<Node>} */ (new Set());
  const order = (/** @type {string} */ name) => {
    const node = nodes.get(name);
    if (!node) throw new Error(`expected a node ${name}, found none`);
    if (ordered.has(node)) return;
    for (const before of inputsOf(node)) order(before);
    ordered.add(node);
  };
  order(output);
  const steps = [...ordered]
    .filter(({ op }) => !GIVEN.includes(op))
    .map((node) => {
      const attributes = attributesOf(node);
      const operation = operationFor(node.op, attributes);
      if (!operation) throw new Error(`expected an operation of this runtime, found ${node.op}`);
      return { name: node.name, inputs: inputsOf(node), operation, attributes };
    });
  return (picture) => {
    const tensors = new Map(weights).set(input, picture);
    const tensorOf = (/** @type {string} */ name) => /** @type {Tensor} */ (tensors.get(name));
    for (const { name, inputs, operation, attributes } of steps) {
      tensors.set(name, operation(inputs.map(tensorOf), attributes));
    }
    return tensorOf(output);
  };
}

/** @param {Node} node @returns {string[]} The nodes whose results it takes. */
function inputsOf({ input = [] }) {
  return input.filter((name) => !name.startsWith("^")).map(nodeName);
}

/** @param {string} tensorName Such as `image:0`; the operations here have one result each. */
function nodeName(tensorName) {
  return tensorName.split(":")[0];
}

/** @param {Record<string, Place>} places */
function onlyName(places) {
  const names = Object.values(places).map(({ name }) => nodeName(name));
  if (names.length !== 1) throw new Error(`expected one input and one output, found ${names.length}`);
  return names[0];
}

/** @param {Node} node @returns {Attributes} Its attributes as plain values. */
function attributesOf({ attr = {} }) {
  return Object.fromEntries(Object.entries(attr).map(([name, value]) => [name, plain(value)]));
}

/** @param {Record<string, any>} value As protocol buffers write it in JSON. @returns {any} */
function plain({ s, i, list, ...rest }) {
  if (s !== undefined) return atob(s);
  if (i !== undefined) return Number(i);
  if (list) return [...(list.s ?? []).map(atob), ...(list.i ?? []).map(Number)];
  return rest.type ?? rest.b ?? rest.f;
}
