"""Tell whether building a model takes no more than its weights and a moment for each layer, by its kinds.

Other kinds have loops as long as a number in the file, or compute something while they are built.
"""

from typing import Any

from train.model_file.config import MARKERS, objects_of
from train.model_file.keras_names import names

LAYERS = names(
    """
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CenterCrop Concatenate Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D
    Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU Embedding Flatten GRU GRUCell
    GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization Identity InputLayer LSTM
    LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum
    MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN RandomBrightness
    RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU RepeatVector
    Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization Subtract TimeDistributed
    UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
    Sequential Functional DTypePolicy FloatDTypePolicy DTypePolicyMap
    """
)
OPERATIONS = names(
    """
    Abs Absolute Amax Amin AveragePool BatchNorm BroadcastTo Cast Ceil Celu Clip Conv Cos DepthwiseConv Divide
    Elu Equal Erf Exp ExpandDims Expm1 Flip Floor Gelu GetItem Glu Greater GreaterEqual HardSigmoid HardSilu
    HardTanh LayerNorm LeakyRelu Less LessEqual Log Log1p LogSigmoid LogSoftmax LogicalAnd LogicalNot
    LogicalOr Logsumexp Matmul Max MaxPool Mean Min Mod Moments Moveaxis Negative Normalize NotEqual OnesLike
    Pad Power Prod RGBToGrayscale RMSNorm Ravel Reciprocal Relu Relu6 Repeat Resize Round Rsqrt Selu
    SeparableConv Sigmoid Sign Silu Sin Softplus Softsign Sqrt Square Squeeze Stack Std StopGradient Sum
    Swapaxes Take Tanh Tile Transpose TrueDivide Var Where ZerosLike
    """
)
PLAIN = LAYERS | OPERATIONS | MARKERS


def is_plain(config: dict[str, Any]) -> bool:
    """Whether every layer and operation of a model is of a plain kind, and none is unrolled.

    Args:
        config: The model's repaired and judged configuration.
    """
    return all(
        item.get("class_name", "Dense") in PLAIN and not item.get("unroll") for item in objects_of(config)
    )
