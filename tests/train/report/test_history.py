"""The history: what CSVLogger writes is what is read."""

import numpy as np

from train.report.history import read_history


def test_reads_what_keras_wrote(tmp_path):
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = np.ones((8, 3), np.float32), np.zeros(8)
    logger = keras.callbacks.CSVLogger(tmp_path / "history.csv")
    wrote = model.fit(x, y, epochs=3, validation_data=(x, y), callbacks=[logger], verbose=0).history
    read = read_history(tmp_path / "history.csv")
    assert read.pop("epoch") == [1, 2, 3]
    assert read == wrote


def test_what_was_not_measured_is_nan(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss,val_loss\n0,nan,NA\n1,0.5,0.25\n")
    read = read_history(path)
    assert np.isnan([read["loss"][0], read["val_loss"][0]]).all()
    assert (read["loss"][1], read["val_loss"][1]) == (0.5, 0.25)
