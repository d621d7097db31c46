/** TF.js's kernels for a convolution, alone or with bias and activation, on its cpu backend, by a faster loop. */

import { conv2D } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Conv2D";
import { fusedConv2D } from "@tensorflow/tfjs-backend-cpu/dist/kernels/FusedConv2D";
import { applyActivation } from "@tensorflow/tfjs-backend-cpu/dist/utils/fused_utils";
import { backend_util, Conv2D, FusedConv2D } from "@tensorflow/tfjs-core";
import { convolve } from "./convolution.js";

/** As TF.js's own, which does what `convolve` doesn't. */
const orElse = (ofTfjs) => (args) => {
  const { inputs, backend, attrs } = args;
  const { x, filter, bias, preluActivationWeights } = inputs;
  const { strides, pad, dataFormat, dilations, dimRoundingMode, activation, leakyreluAlpha } = attrs;
  const plain =
    dataFormat === "NHWC" &&
    backend_util.tupleValuesAreOne(dilations) &&
    (!bias || bias.shape.length === 1) &&
    [x, filter, ...(bias ? [bias] : [])].every(({ dtype }) => dtype === "float32");
  if (!plain) return ofTfjs(args);
  const info = backend_util.computeConv2DInfo(
    x.shape,
    filter.shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const valuesOf = (tensor) => tensor && backend.data.get(tensor.dataId).values;
  const sums = convolve(valuesOf(x), valuesOf(filter), valuesOf(bias), info);
  const result = backend.makeTensorInfo(info.outShape, "float32", sums);
  if (!activation) return result;
  const activated = applyActivation(backend, result, activation, preluActivationWeights, leakyreluAlpha);
  backend.disposeIntermediateTensorInfo(result);
  return activated;
};

export const conv2DConfig = { kernelName: Conv2D, backendName: "cpu", kernelFunc: orElse(conv2D) };
export const fusedConv2DConfig = {
  kernelName: FusedConv2D,
  backendName: "cpu",
  kernelFunc: orElse(fusedConv2D),
};
