"""Settings of an ensemble of two networks with different architectures."""

from train.settings import Convolution, Settings

TWO_NETWORKS = Settings(
    convolutions=(
        (Convolution(4, 3, pool=2), Convolution(4, 5, depthwise=True)),
        (Convolution(3, 5, pool=4),),
    ),
    two_views=False,
)
