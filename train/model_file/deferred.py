"""Build a model before its variables take memory: what they will take can be checked first."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def variables_deferred() -> Iterator[None]:
    """Create variables of a known shape only; they get their values after the body, or never if it raises."""
    import keras
    from keras.src.backend.common import global_state
    from keras.src.backend.common.variables import initialize_all_variables

    waiting = "uninitialized_variables"  # Keras's own list, of all scopes
    before = global_state.get_global_attribute(waiting)
    global_state.set_global_attribute(waiting, [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
        initialize_all_variables()
    finally:
        global_state.set_global_attribute(waiting, before)
