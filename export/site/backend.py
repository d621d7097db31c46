"""Which of TensorFlow.js's backends the page's runtime is built on.

Plain JavaScript is a small download, starts at once and runs under the strictest policy, so every model gets
it that it runs fast enough. The others get WebAssembly with SIMD: 100 kB more over the wire, and a policy
that allows to compile it.
"""

from pathlib import Path

from export.runtimes.node import run_script

# Side by side in Node, on two cores that others used too, a picture took in plain JavaScript and WebAssembly:
# 15 and 3 ms with 4.6 million multiplications (Keras's CNN for CIFAR-10), 97 and 32 ms with 39 million (six
# convolutions of 32 x 32 pixels), 613 and 61 ms with 58 million (MobileNetV2 at 96 x 96), 1.9 s and 156 ms
# with 312 million (at 224 x 224). Up to this many, nobody waits for either.
MOST_IN_PLAIN_JAVASCRIPT = 20_000_000


def backend_for(model: Path, plain_runtime: Path) -> str:
    """`cpu`, which is plain JavaScript, or `wasm`, by how many multiplications one picture takes.

    Operations are counted, not seconds, so that the same model gets the same page on every machine.

    Args:
        model: Folder of a graph model.
        plain_runtime: A runtime for it, built on the backend `cpu`.

    Raises:
        ConversionError: If the model doesn't run.
    """
    multiplications = run_script(
        ["build/multiplications.mjs", str(plain_runtime.absolute()), str(model.absolute())],
        purpose="web/build/multiplications.mjs to count what the model computes",
        remedy="use layers that TensorFlow.js supports",
    )
    return "cpu" if int(multiplications) <= MOST_IN_PLAIN_JAVASCRIPT else "wasm"
