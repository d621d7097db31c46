/** TF.js's kernels for a convolution, alone or with bias and activation, on its cpu backend, by a faster loop. */
import { conv2D } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Conv2D";
import { fusedConv2D } from "@tensorflow/tfjs-backend-cpu/dist/kernels/FusedConv2D";
import { applyActivation } from "@tensorflow/tfjs-backend-cpu/dist/utils/fused_utils";
import { backend_util, Conv2D, FusedConv2D } from "@tensorflow/tfjs-core";
import { convolve } from "./convolution.js";

export const conv2DConfig = configOf(Conv2D, conv2D);
export const fusedConv2DConfig = configOf(FusedConv2D, fusedConv2D);

/** @param {string} kernelName @param {typeof fusedConv2D} ofTfjs For all that `convolve` doesn't compute. */
function configOf(kernelName, ofTfjs) {
  const kernelFunc = (/** @type {any} */ args) => {
    /** @type {Parameters<typeof fusedConv2D>[0]} */
    const { inputs, backend, attrs } = args;
    const { x, filter, bias, preluActivationWeights } = inputs;
    const { strides, pad, dataFormat, dilations, dimRoundingMode, activation, leakyreluAlpha } = attrs;
    const { computeConv2DInfo, tupleValuesAreOne } = backend_util;
    const plain =
      dataFormat === "NHWC" &&
      tupleValuesAreOne(dilations) &&
      (!bias || bias.shape.length === 1) &&
      [x, filter, bias].every((tensor) => !tensor || tensor.dtype === "float32");
    if (!plain) return ofTfjs(args);
    const [image, kernel] = /** @type {any[]} */ ([x.shape, filter.shape]);
    const info = computeConv2DInfo(image, kernel, strides, dilations, pad, dimRoundingMode);
    /** @type {(tensor?: {dataId: object}) => any} */
    const valuesOf = (tensor) => tensor && backend.data.get(tensor.dataId).values;
    const sums = convolve(valuesOf(x), valuesOf(filter), valuesOf(bias), info);
    const result = backend.makeTensorInfo(info.outShape, "float32", sums);
    if (!activation) return result;
    const activated = applyActivation(backend, result, activation, preluActivationWeights, leakyreluAlpha);
    backend.disposeIntermediateTensorInfo(result);
    return activated;
  };
  return { kernelName, backendName: "cpu", kernelFunc };
}
