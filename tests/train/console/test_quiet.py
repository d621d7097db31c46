"""Quiet: nothing of what libraries say gets through, all of what comes after does."""

import os
import subprocess
import sys
import warnings

import pytest

from train.console.quiet import quiet


def test_swallows_native_python_and_warnings(capfd):
    with quiet():
        os.write(2, b"native\n")
        os.system("echo child >&2")
        print("printed")
        warnings.warn("warned", stacklevel=1)  # an error, were it not for quiet()
    assert capfd.readouterr() == ("", "")


def test_swallows_lines_on_stderr():
    """Not in this process: pytest's stderr is not the one that a program has."""
    code = """if True:
        import sys
        from train.console.quiet import quiet
        print("before", file=sys.stderr)
        with quiet():
            print("within", file=sys.stderr)
            sys.stderr.write("a line begun")
        print("after", file=sys.stderr)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "before\nafter\n"


def test_all_is_as_before_afterwards(capfd):
    filters, stdout = list(warnings.filters), sys.stdout
    with quiet():
        pass
    assert sys.stdout is stdout
    assert warnings.filters == filters
    os.write(2, b"native\n")
    print("printed", flush=True)
    assert capfd.readouterr() == ("printed\n", "native\n")
    with pytest.warns(UserWarning, match="warned"):
        warnings.warn("warned", stacklevel=1)


def test_exceptions_pass_and_all_is_as_before(capfd):
    def fail():
        os.write(2, b"native\n")
        raise ValueError("wrong")

    stdout = sys.stdout
    with pytest.raises(ValueError, match="wrong"), quiet():
        fail()
    assert sys.stdout is stdout
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_within_another(capfd):
    with quiet():
        with quiet():
            os.write(2, b"inner\n")
        os.write(2, b"outer\n")
        print("outer")
    os.write(2, b"after\n")
    assert capfd.readouterr() == ("", "after\n")


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc here")  # noqa: PTH112
def test_leaves_no_file_open():
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(5):
        with quiet():
            pass
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_tensorflow_starts_without_a_word():
    code = """if True:
        from train.console.quiet import import_tensorflow
        import_tensorflow()
        import keras
        print(keras.backend.backend())
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("tensorflow\n", "")


def test_keras_is_imported_without_what_it_loads_for_figures():
    """Matplotlib alone is a sixth of the time it takes. Whoever wants it afterwards gets it."""
    code = """if True:
        import sys
        from train.console.quiet import import_tensorflow
        import_tensorflow()
        print([name for name in ("matplotlib", "IPython") if name in sys.modules])
        from matplotlib import figure
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
