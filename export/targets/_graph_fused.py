"""A frozen graph as TensorFlow.js runs it fastest: folded and fused by tensorflowjs's own passes.

Those passes look at a pattern of nodes alone, and change the numbers of a graph in which one of them serves
others, too: a convolution that is normalized in one branch, and used as it is in another, becomes so in both.
And they take anything that is added to a convolution for its bias, where TF.js's fused kernels take a vector.
And they fuse tanh into dense layers, of which TF.js has no fused form.
So what must not be fused is kept apart here, and the biases are chosen here.
"""

from __future__ import annotations

from collections import Counter

from export.targets._graph_frozen import GraphDef, NodeDef, SignatureDef
from export.targets._tensorflowjs import converter

CONTRACTIONS = ("Conv2D", "DepthwiseConv2dNative", "MatMul")
FUSED = ("_FusedConv2D", "_FusedMatMul", "FusedDepthwiseConv2dNative")


def fused_graph(graph: GraphDef, signature: SignatureDef) -> GraphDef:
    """Fold what is constant, batch normalization too, and fuse biases and activations into convolutions."""
    passes = converter()
    graph = _optimized(graph, signature, ["pruning", "constfold", "arithmetic", "dependency"] * 2)
    graph = passes.fold_batch_norms.fold_batch_norms(
        _kept_apart(graph, "BiasAdd", "Add", "AddV2", *CONTRACTIONS)
    )
    graph = _optimized(
        _on_processor(_with_biases(_before_each(graph, "Tanh"))),
        signature,
        ["remap", "constfold", "arithmetic", "dependency"],
    )
    graph = passes.fuse_prelu.fuse_ops_for_prelu(_kept_apart(graph, "Relu"))
    graph = passes.fuse_depthwise_conv2d.fuse_depthwise_conv2d(
        _kept_apart(graph, "BiasAdd", *CONTRACTIONS, *FUSED)
    )
    return _without_copies(passes.fuse_prelu.fuse_prelu_with_fused_conv2d_or_matmul(graph))


def _optimized(graph: GraphDef, signature: SignatureDef, optimizers: list[str]) -> GraphDef:
    """Run TensorFlow's optimizers over a graph."""
    from tensorflow.core.protobuf.config_pb2 import ConfigProto
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef
    from tensorflow.python.grappler import tf_optimizer

    meta_graph = MetaGraphDef(graph_def=graph, signature_def={"serving_default": signature})
    config = ConfigProto()
    config.graph_options.rewrite_options.optimizers[:] = optimizers
    return tf_optimizer.OptimizeGraph(config, meta_graph, cluster=converter().get_cluster())


def _kept_apart(graph: GraphDef, *kinds: str) -> GraphDef:
    """Put an Identity behind each node of these kinds that serves several, and before a kernel that does."""
    consumers = Counter(name for node in graph.node for name in map(_node_name, node.input))
    nodes = {node.name: node for node in graph.node}
    kernels = {
        name for node in graph.node if node.op in CONTRACTIONS for name in map(_node_name, node.input[1:2])
    }
    shared = {
        name: f"{name}/shared"
        for name, node in nodes.items()
        if consumers[name] > 1 and (node.op in kinds or (node.op == "Const" and name in kernels))
    }
    for node in graph.node:
        node.input[:] = [shared.get(name, name) for name in node.input]
    for name, identity in shared.items():
        node = graph.node.add(op="Identity", name=identity, input=[name])
        node.attr["T"].CopyFrom(nodes[name].attr["dtype" if nodes[name].op == "Const" else "T"])
    return graph


def _before_each(graph: GraphDef, kind: str) -> GraphDef:
    """Put an Identity before each node of this kind, so that nothing is fused with it."""
    for node in [node for node in graph.node if node.op == kind]:
        identity = graph.node.add(op="Identity", name=f"{node.name}/apart", input=node.input[:1])
        identity.attr["T"].CopyFrom(node.attr["T"])
        node.input[0] = identity.name
    return graph


def _on_processor(graph: GraphDef) -> GraphDef:
    """Place what TF.js has fused forms of on the processor, as `remap` fuses it there alone."""
    for node in graph.node:
        if node.op in ("Conv2D", "MatMul"):
            node.device = "/device:CPU:0"
    return graph


def _with_biases(graph: GraphDef) -> GraphDef:
    """Make a BiasAdd, which is what is fused, of adding a vector to a convolution of as many channels."""
    nodes = {node.name: node for node in graph.node}
    consumers = Counter(name for node in graph.node for name in map(_node_name, node.input))
    for node in graph.node:
        if node.op not in ("Add", "AddV2"):
            continue
        for value, bias in (node.input, node.input[::-1]):
            contraction = nodes[_node_name(value)]
            if contraction.op not in CONTRACTIONS or consumers[contraction.name] > 1:
                continue
            if _shape(nodes, bias) == [_channels(contraction, _shape(nodes, contraction.input[1]))]:
                node.op = "BiasAdd"
                node.input[:] = [value, bias]
                node.attr["data_format"].s = b"NHWC"
                break
    return graph


def _without_copies(graph: GraphDef) -> GraphDef:
    """Keep one of equal constants: each call of a shared layer has got its own by folding."""
    constants = [node for node in graph.node if node.op == "Const"]
    first: dict[bytes, str] = {}
    kept = {
        node.name: first.setdefault(node.attr["value"].SerializeToString(), node.name) for node in constants
    }
    nodes = [node for node in graph.node if kept.get(node.name, node.name) == node.name]
    for node in nodes:
        # A constant waits for nothing, least of all for what another one with its value waited for.
        node.input[:] = [kept.get(name, name) for name in node.input if node.op != "Const"]
    del graph.node[:]
    graph.node.extend(nodes)
    return graph


def _channels(contraction: NodeDef, kernel: list[int]) -> int | None:
    """How many channels a convolution with a kernel of this shape gives; None where that isn't known."""
    if not kernel:
        return None
    return kernel[-1] * kernel[-2] if contraction.op == "DepthwiseConv2dNative" else kernel[-1]


def _shape(nodes: dict[str, NodeDef], name: str) -> list[int]:
    """The shape of a constant; empty for what isn't one."""
    node = nodes[_node_name(name)]
    while node.op == "Identity":
        node = nodes[_node_name(node.input[0])]
    return [side.size for side in node.attr["value"].tensor.tensor_shape.dim] if node.op == "Const" else []


def _node_name(tensor: str) -> str:
    """The node that a node's input comes from: `conv` for `conv`, `conv:1` and `^conv`."""
    return tensor.removeprefix("^").split(":")[0]
