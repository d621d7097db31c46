"""How far each kind of exported model may be from the reference model, and where the figures come from."""

from dataclasses import replace

from export.target import Budget

# Float arithmetic in another order: 1.0e-6 to 1.7e-6 over 10,000 images, whatever the runtime;
# logits 1.2e-5 to 1.5e-5, and 2.3e-5 to 3.8e-5 for the probes.
FLOAT32 = Budget(max_abs_diff=1e-5, min_top1_agreement=1.0, max_accuracy_drop=None, max_logit_diff=1e-3)
# Weights rounded to 11 significant bits: 2.4e-3 to 2.9e-3, every prediction the same; logits 0.017 to 0.020,
# and 0.020 to 0.042 for the probes.
FLOAT16 = Budget(
    max_abs_diff=5e-3, min_top1_agreement=0.9995, max_accuracy_drop=0.0005, max_logit_diff=0.5, significand=11
)
# Weights, or weights and activations, quantized to 256 levels: single probabilities may move far where the
# reference model isn't confident, so predictions are checked, not probabilities. Of the clear-cut images,
# 99.86% to 100% were the same for a CNN of 31,162 parameters and for MLPs from 784-4-4 to 784-128 with
# accuracies from 61% to 95%.
WEIGHTS_8_BIT = Budget(
    max_abs_diff=None, min_top1_agreement=0.995, max_accuracy_drop=0.002, quantization_levels=256
)
EIGHT_BIT = replace(WEIGHTS_8_BIT, rounds_activations=True)
# Activations, too, of 256 quantization levels, spread over what training images reach. Noise goes beyond:
# such a model misread 63 of 64 noise images. With some among the calibration it misread 2, but two of three
# small MLPs lost too many levels to keep their predictions for digits.
# TFLite's softmax and sigmoid of 8 bits give multiples of 1/256.
CALIBRATED_8_BIT = replace(EIGHT_BIT, saturates=True, output_step=1 / 256)
# 8-bit weights, activations of 65,536 quantization levels: 100% for each of those models.
INT16X8 = Budget(
    max_abs_diff=None, min_top1_agreement=0.999, max_accuracy_drop=0.0005, quantization_levels=256
)
