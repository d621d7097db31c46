"""What tests share: a small model, trained on pen digits, and all that is exported from it, once a run."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from export.errors import BrowserError
from export.runtimes.browsers import NAMES, browser_named
from export.runtimes.browsers._browser import Browser
from tests.train.outputs import save_npz
from train.data.dataset import PEN, Dataset, open_dataset, pen_dataset

# As the commands have it, for those that tests start: imported first, Keras would set another.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

REAL_MNIST = Path(os.environ.get("MNIST_NPZ") or Path(__file__).parents[2] / "shared/data/mnist.npz")

# Whoever asks for one of these waits until a model has been trained, or trained and exported.
WHOLE_EXPORT = {"trained", "built", "colour_page", "large_colour_page"}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this system lacks something for."""
    if sys.platform == "win32" and item.get_closest_marker("posix"):
        pytest.skip("Windows lacks the links, named pipes, devices or signals that it needs")


@pytest.hookimpl(tryfirst=True)  # before pytest goes by the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a whole export or a browser, or is slow, as `integration`."""
    for item in items:
        whole_export = WHOLE_EXPORT & set(getattr(item, "fixturenames", ()))
        if whole_export or item.get_closest_marker("browser") or item.get_closest_marker("slow"):
            item.add_marker("integration")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder once for all processes of a run: `made_once("name", make)`; `make` takes its path.

    With a folder in $MADE_ONCE it is made there, once for all runs.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    shared = Path(os.environ.get("MADE_ONCE") or shared)

    def make_or_wait(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                make(folder)
        return folder

    return make_or_wait


@pytest.fixture(scope="session")
def mnist_npz() -> Path:
    """The real MNIST; tests that ask for it are marked `mnist`."""
    if not REAL_MNIST.is_file():
        pytest.skip(f"no MNIST at {REAL_MNIST}: set MNIST_NPZ")
    return REAL_MNIST


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, in memory; only root can have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or os.geteuid()
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk: mounting one needs root and leave to")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture(scope="session")
def pen_npz(made_once: Callable[..., Path]) -> Path:
    """A small dataset that needs no download, as a file in Keras layout."""

    def draw(folder: Path) -> None:
        folder.mkdir()
        save_npz(pen_dataset(train=8000, test=1000), folder / "digits.npz")

    return made_once("pen digits", draw) / "digits.npz"


@pytest.fixture(scope="session")
def pen_digits(pen_npz: Path) -> Dataset:
    """The same."""
    return replace(open_dataset(pen_npz), name=PEN)


@pytest.fixture(scope="session")
def trained(pen_digits: Dataset, made_once: Callable[..., Path]) -> Path:
    """The default CNN as `.h5`, trained until it reads nearly all of its digits."""

    def train(out: Path) -> None:
        from train.learning.fit import fit
        from train.settings import Settings

        fit(pen_digits, Settings(epochs=4, batch_size=64, seed=1), out)

    return made_once("trained", train) / "model.h5"


@pytest.fixture(scope="session")
def built(trained: Path, pen_npz: Path, made_once: Callable[..., Path]) -> Path:
    """The output folder of `export all` for that model; treat it as read-only."""

    def export(out: Path) -> None:
        from export.pipeline.export_all import Request, export_all
        from export.targets import all_targets

        export_all(Request(trained, str(pen_npz), out / "artifacts", all_targets()))

    return made_once("built", export) / "artifacts"


@pytest.fixture(scope="session")
def site_url(built: Path) -> Iterator[str]:
    """The built page on a local server."""
    from export.site.serve import site_server

    with site_server(built, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; tests that ask for it are marked `browser`."""
    from export.runtimes.browsers.chromium import BROWSER, find_chromium

    _demand(BROWSER)
    return find_chromium()


@pytest.fixture(scope="session")
def firefox() -> str:
    """The system's Firefox; tests that ask for it are marked `browser`."""
    from export.runtimes.browsers.firefox import BROWSER, find_firefox

    _demand(BROWSER)
    return find_firefox()


@pytest.fixture(scope="session", params=NAMES)
def each_browser(request: pytest.FixtureRequest) -> Browser:
    """Each browser, one after the other; tests that ask for it are marked `browser`."""
    browser = browser_named(request.param)
    _demand(browser)
    return browser


def _demand(browser: Browser) -> None:
    """Skip a test whose browser isn't there; under CI that is a failure."""
    try:
        browser.demand()
    except BrowserError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
