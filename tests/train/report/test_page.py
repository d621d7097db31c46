"""What training leaves to look at: true figures, on a page that works anywhere, for any dataset."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from train.data.dataset import Dataset, Split, open_dataset, pen_dataset
from train.network.weight_changes import weights_by_path
from train.report import page
from train.report.training_run import TrainingRun
from train.settings import Settings

pytestmark = pytest.mark.integration

EVIL = "<script>alert('$x')</script>"
FIGURES = [
    "confusion.svg",
    "digits.svg",
    "learning-curves.svg",
    "reliability.svg",
    "weights.svg",
    "worst-mistakes.svg",
]


def train(dataset: Dataset, folder: Path, epochs: int = 2, rate: float = 1e-3) -> TrainingRun:
    """A real, small run: two hidden layers, the first of which is frozen and can't learn."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input(dataset.train.images.shape[1:]),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(16, activation="relu", name="first"),
            layers.BatchNormalization(name="norm", trainable=False),
            layers.Dense(dataset.classes, activation="softmax", name="probabilities"),
        ],
        name="small",
    )
    before = weights_by_path(model)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    folder.mkdir(parents=True)
    model.fit(
        dataset.train.images.astype(np.float32),
        dataset.train.labels,
        epochs=epochs,
        validation_data=(dataset.validation.images.astype(np.float32), dataset.validation.labels),
        callbacks=[keras.callbacks.CSVLogger(folder / "history.csv")],
        verbose=0,
    )
    return TrainingRun(model, before, dataset, Settings(epochs=epochs), folder / "history.csv", 0.5)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> TrainingRun:
    dataset = pen_dataset(train=600, test=200)
    return train(dataset, tmp_path_factory.mktemp("run") / "training", epochs=3)


@pytest.fixture(scope="module")
def folder(run):
    page.write(run.history.parent, run)
    return run.history.parent


class Page(HTMLParser):
    """The elements of a page, each as its name and attributes, and its text."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed((folder / "index.html").read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text = " ".join([*self.text.split(), *data.split()])

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_leaves_what_it_says_and_nothing_else(folder):
    expected = sorted([*FIGURES, "history.csv", "index.html", "summary.txt"])
    assert sorted(path.name for path in folder.iterdir()) == expected


def test_the_folder_is_light(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) < 600_000


def test_the_figures_are_those_that_keras_gives(folder, run):
    test = run.dataset.test
    loss, accuracy = run.model.evaluate(test.images.astype(np.float32), test.labels, verbose=0)
    text, summary = Page(folder).text, (folder / "summary.txt").read_text(encoding="utf-8")
    assert f"{accuracy:.2%} of the 200 pen test images are classified correctly" in text
    assert re.search(rf"test accuracy\s+{accuracy:.2%} \({round(200 * accuracy)} of 200\)", summary)
    [written] = re.findall(r"test loss\s+([\d.]+)", summary)
    assert float(written) == pytest.approx(loss, rel=2e-3)
    last = run.history.read_text().splitlines()[-1].split(",")
    names = run.history.read_text().splitlines()[0].split(",")
    assert f"validation loss {float(last[names.index('val_loss')]):.4f}" in text


def test_the_summary_has_layers_settings_and_dataset(folder, run):
    summary = (folder / "summary.txt").read_text(encoding="utf-8")
    for layer in run.model.layers:
        assert layer.name in summary
    assert f"{28 * 28 * 16 + 16:,} │" in summary  # the column of parameters isn't cut off
    assert re.search(r"^  batch size +128$", summary, re.M)
    assert re.search(r"^  seed +0$", summary, re.M)
    # As the command line takes them.
    assert re.search(r"^  convolutions +8x3/2,16x3,16x3/2,32x3v,32x3v$", summary, re.M)
    assert "hidden" not in summary  # for the other model
    assert re.search(r"^  name +pen$", summary, re.M)
    assert run.dataset.sha256 in summary


def test_the_page_needs_no_other_file_and_runs_nothing(folder):
    shown_page = Page(folder)
    assert shown_page.all("script") == shown_page.all("link") == []
    assert len(shown_page.all("img")) == 6
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in shown_page.all("img"))
    assert not [name for _, attributes in shown_page.elements for name in attributes if name.startswith("on")]


def test_its_links_lead_to_the_files_beside_it(folder):
    links = {link["href"] for link in Page(folder).all("a")}
    assert links == {*FIGURES, "history.csv", "summary.txt"}
    assert all((folder / link).is_file() for link in links)


def test_no_file_names_a_place_on_this_machine(folder):
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert str(folder.parent) not in text
        assert str(Path.home()) not in text.replace("/rootless", "")
        assert "file:" not in text


def test_it_can_be_read_aloud(folder):
    shown_page = Page(folder)
    assert all(len(image["alt"] or "") > 20 for image in shown_page.all("img"))
    assert len(shown_page.all("caption")) == len(shown_page.all("table")) == 6
    assert all(heading.get("scope") in ("row", "col") for heading in shown_page.all("th"))


def test_a_layer_that_could_not_learn_shows_it(run, folder, tmp_path):
    text = Page(folder).text
    assert re.search(r"first/kernel 784 × 16 0\.\d+ 0\.\d+ 0\.0\d+", text)
    assert "norm/gamma" not in text  # frozen: training may not change it
    still = replace(run, before=weights_by_path(run.model))
    page.write(tmp_path, still)
    assert re.search(r"first/kernel 784 × 16 (0\.\d+) \1 0 ", Page(tmp_path).text)


def test_same_run_same_bytes_on_every_terminal(run, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    page.write(tmp_path, run)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_names_are_text_not_markup(run, tmp_path):
    page.write(tmp_path, replace(run, dataset=replace(run.dataset, name=EVIL)))
    shown_page = Page(tmp_path)
    assert shown_page.all("script") == []
    assert shown_page.text.count(EVIL) == 3  # title, headline, table


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("<img src=x onerror=alert(1)>.npz", "<img src=x onerror=alert(1)>.npz"),
        ("..a\x1b[31m\n\u202e\udcffb.npz", "..a [31m b.npz"),
        ("x" * 200 + ".npz", "x" * 79 + "…"),
    ],
)
def test_the_odd_name_of_a_file_is_a_line_of_text(run, tmp_path, file, shown):
    x, y = run.dataset.test.images[..., 0], run.dataset.test.labels
    np.savez(tmp_path / file, x_train=x, y_train=y, x_test=x, y_test=y)
    name = open_dataset(tmp_path / file).name
    page.write(tmp_path, replace(run, dataset=replace(run.dataset, name=name)))
    shown_page = Page(tmp_path)
    assert shown_page.text.count(shown) == 3  # title, headline, table
    assert len(shown_page.all("img")) == len(FIGURES)
    summary = (tmp_path / "summary.txt").read_text(encoding="utf-8")
    assert shown in summary
    assert "".join(summary.split()).isprintable()


def test_with_patience_it_says_whose_epochs_model_was_kept(run, folder, tmp_path):
    losses = [float(line.split(",")[4]) for line in run.history.read_text().splitlines()[1:]]
    lowest = f"came in epoch {losses.index(min(losses)) + 1} of 3"
    assert f"{lowest}." in Page(folder).text
    page.write(tmp_path, replace(run, settings=replace(run.settings, patience=2)))
    assert f"{lowest}; the model that was kept is that epoch's." in Page(tmp_path).text


@pytest.mark.parametrize(("name", "warns"), [("pen", True), ("mine.npz", False)])
def test_it_says_where_the_digits_are_not_mnists(run, tmp_path, name, warns):
    page.write(tmp_path, replace(run, dataset=replace(run.dataset, name=name)))
    assert ("not on MNIST" in Page(tmp_path).text) is warns


def brightness(count: int, shape: tuple[int, ...], classes: int) -> Split:
    """Pictures as bright as their class: nothing is easier."""
    labels = (np.arange(count) % classes).astype(np.uint8)
    levels = labels * (255 // max(classes - 1, 1))
    return Split(np.broadcast_to(levels[:, None, None, None], (count, *shape)).astype(np.uint8), labels)


@pytest.mark.parametrize(
    ("count", "shape", "classes"), [(4, (9, 5, 3), 2), (90, (8, 8, 1), 30), (3, (6, 6, 2), 2)]
)
def test_any_dataset_and_a_single_epoch(tmp_path, count, shape, classes):
    split = brightness(count, shape, classes)
    run = train(Dataset("mine.npz", "0" * 64, split, split, split), tmp_path / "training", epochs=1)
    page.write(run.history.parent, run)
    text = Page(run.history.parent).text
    assert "Epochs 1" in text
    assert f"of the {count} mine.npz test images are classified correctly" in text


def test_no_mistake_is_no_figure(tmp_path):
    split = brightness(40, (6, 6, 1), 2)
    dataset = Dataset("mine.npz", "0" * 64, split, split, split)
    run = train(dataset, tmp_path / "training", epochs=20, rate=0.02)
    page.write(run.history.parent, run)
    shown_page = Page(run.history.parent)
    assert "100.00% of the 40 mine.npz test images are classified correctly" in shown_page.text
    assert "There are none: every test image is classified correctly." in shown_page.text
    assert len(shown_page.all("img")) == 5
    assert not (run.history.parent / "worst-mistakes.svg").exists()


def test_a_run_that_diverged_is_described_too(tmp_path, run):
    diverged = train(run.dataset, tmp_path / "training", epochs=1, rate=float("nan"))
    page.write(diverged.history.parent, diverged)
    assert re.search(r"first/kernel 784 × 16 0\.\d+ nan nan", Page(tmp_path / "training").text)
