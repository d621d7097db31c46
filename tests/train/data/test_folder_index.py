"""Which pictures a folder has, of which class: as Keras finds them."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.train.data.picture_folders import save_pictures
from train.data import folder_files
from train.data.array_names import OF_TEST, OF_WHOLE
from train.data.dataset import DatasetFile
from train.data.folder_index import folder_sha256, index_folder
from train.errors import DataError


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def found_in(folder):
    return [(str(picture.path.relative_to(folder)), picture.label) for picture in index_folder(folder).train]


def refusal(folder):
    with pytest.raises(DataError) as caught:
        index_folder(folder)
    message = str(caught.value)
    assert message.startswith("expected ")
    assert str(folder) in message
    return message


@pytest.mark.usefixtures("tensorflow")
def test_same_pictures_in_the_same_order_as_keras(tmp_path):
    import keras

    save_pictures(tmp_path, ["b", "a", "Z", "ä", "with space"], 3, ["png", "jpg"])
    save_pictures(tmp_path / "a", ["inner", "2"], 2, ["png"])
    touch(tmp_path, "a/notes.txt", "a/PNG", ".hidden/1.png", "top.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "a" / "9.JPG").write_bytes((tmp_path / "a" / "1.jpg").read_bytes())
    index = index_folder(tmp_path)
    theirs = keras.utils.image_dataset_from_directory(tmp_path, shuffle=False, verbose=False)
    assert [str(picture.path) for picture in index.train] == theirs.file_paths
    assert list(index.names) == theirs.class_names
    assert [p.label for p in index.train] == [int(y) for _, labels in theirs for y in labels]


@pytest.mark.parametrize("other", ["test", "Val"])
def test_a_split_whose_pictures_have_no_class_is_left_out(tmp_path, other):
    touch(tmp_path, "train/a/1.png", "train/b/1.png", f"{other}/1.png", f"{other}/2.png")
    index = index_folder(tmp_path)
    assert (index.names, index.test, index.test_fraction) == (("a", "b"), None, OF_WHOLE)
    assert f"not used: {other}, whose pictures have no class" in index.notes


def test_a_split_without_classes_beside_two_with(tmp_path):
    touch(tmp_path, *(f"{split}/{name}/1.png" for split in ("train", "val") for name in "ab"), "test/1.png")
    index = index_folder(tmp_path)
    assert [str(picture.path.relative_to(tmp_path)) for picture in index.test or ()] == [
        "val/a/1.png",
        "val/b/1.png",
    ]
    assert "not used: test, whose pictures have no class" in index.notes


def test_splits_without_classes_are_no_classes(tmp_path):
    touch(tmp_path, "train/1.png", "test/1.png")
    assert "folder of its own" in refusal(tmp_path)


def test_a_train_may_be_a_class(tmp_path):
    touch(tmp_path, "bus/1.png", "train/1.png")
    assert index_folder(tmp_path).names == ("bus", "train")


def test_one_split(tmp_path):
    touch(tmp_path, "a/1.png", "b/1.png")
    index = index_folder(tmp_path)
    assert (index.test, index.test_fraction) == (None, OF_WHOLE)
    assert any("20% of the pictures" in note for note in index.notes)


@pytest.mark.parametrize("other", ["test", "val", "valid", "validation", "Test"])
def test_two_splits(tmp_path, other):
    touch(tmp_path, "train/a/1.png", "train/b/1.png", "train/c/1.png", f"{other}/a/2.png", f"{other}/c/2.png")
    index = index_folder(tmp_path)
    assert index.names == ("a", "b", "c")
    assert [picture.label for picture in index.train] == [0, 1, 2]
    assert index.test
    assert [picture.label for picture in index.test] == [0, 2]  # by the classes of train


def test_one_class_to_test_with(tmp_path):
    touch(tmp_path, "train/a/1.png", "train/b/1.png", "test/b/1.png")
    test = index_folder(tmp_path).test
    assert test
    assert [picture.label for picture in test] == [1]
    (tmp_path / "test" / "b" / "1.png").unlink()
    with pytest.raises(DataError, match="found 0 in all"):
        index_folder(tmp_path)


def test_three_splits(tmp_path):
    for split in ("train", "test", "val"):
        touch(tmp_path, f"{split}/a/1.png", f"{split}/b/1.png")
    index = index_folder(tmp_path)
    assert index.test
    assert {picture.path.parts[-3] for picture in index.test} == {"test"}
    assert "not used: val" in index.notes


@pytest.mark.parametrize(("split", "fraction"), [("train", OF_WHOLE), ("test", OF_TEST)])
def test_split_alone(tmp_path, split, fraction):
    touch(tmp_path, f"{split}/a/1.png", f"{split}/b/1.png")
    index = index_folder(tmp_path)
    assert (index.names, index.test, index.test_fraction) == (("a", "b"), None, fraction)


def test_class_by_the_name_of_a_split(tmp_path):
    touch(tmp_path, "train/1.png", "bus/1.png")
    assert index_folder(tmp_path).names == ("bus", "train")


def test_what_does_not_count(tmp_path):
    touch(tmp_path, "a/1.png", "a/._1.png", "b/1.png", "__MACOSX/a/._1.png", "b/.ipynb_checkpoints/x.txt")
    assert found_in(tmp_path) == [("a/1.png", 0), ("b/1.png", 1)]


@pytest.mark.posix
def test_links(tmp_path):
    """To files as Keras follows them; to folders, which may go round in circles, not."""
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    touch(elsewhere, "1.png")
    touch(folder, "a/1.png", "b/2.png")
    (folder / "b" / "1.png").symlink_to(elsewhere / "1.png")
    (folder / "b" / "round").symlink_to(folder)
    assert found_in(folder) == [("a/1.png", 0), ("b/1.png", 1), ("b/2.png", 1)]


def test_refused(tmp_path):
    assert "found none" in refusal(tmp_path)
    touch(tmp_path, "1.png")
    assert "found none" in refusal(tmp_path)
    touch(tmp_path, "flowers/a/1.txt", "flowers/b/1.txt")
    assert f"found one folder, 'flowers': name {tmp_path / 'flowers'}" in refusal(tmp_path)
    assert "found 0 in all" in refusal(tmp_path / "flowers")
    touch(tmp_path, "flowers/a/1.png")
    assert "found 1 in all" in refusal(tmp_path / "flowers")


def test_class_that_is_not_in_train(tmp_path):
    touch(tmp_path, "train/a/1.png", "train/b/1.png", "test/a/1.png", "test/c\n/1.png")
    assert "found 'c'" in refusal(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folder(tmp_path):
    tmp_path.chmod(0)
    assert "can't read it" in refusal(tmp_path)
    tmp_path.chmod(0o700)


@pytest.mark.posix
def test_hash_is_of_names_and_contents(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    touch(first, "a/1.png", "a/2.png", "b/1.png")
    shutil.copytree(first, second)
    sums = [folder_sha256(first)]
    assert sums == [folder_sha256(second)]
    (second / "a" / "2.png").write_bytes(b"other")
    sums.append(folder_sha256(second))
    (second / "a" / "2.png").rename(second / "a" / "3.png")
    sums.append(folder_sha256(second))
    (second / "a" / "3.png").rename(second / "b" / "3.png")
    sums.append(folder_sha256(second))
    assert len(set(sums)) == 4
    assert DatasetFile(first, str(first)).identity() == {"name": "first", "sha256": sums[0]}
    (second / "b" / "broken.png").symlink_to("nowhere")
    assert folder_sha256(second) == folder_sha256(tmp_path) == ""


@pytest.fixture
def nested(tmp_path):
    """Puts folders into each other, the innermost with a picture: `nested(folder, depth, name)`."""

    def make(folder, depth, name="d"):
        inner = os.open(folder, os.O_RDONLY)
        for _ in range(depth):  # from within, because all names together may be too long
            os.mkdir(name, dir_fd=inner)
            outer, inner = inner, os.open(name, os.O_RDONLY, dir_fd=inner)
            os.close(outer)
        os.close(os.open("x.png", os.O_CREAT, dir_fd=inner))
        os.close(inner)

    yield make
    subprocess.run(["rm", "-r", *tmp_path.iterdir()], check=True)  # Python 3.11 removes no such folders


@pytest.mark.posix
@pytest.mark.parametrize("depth", [100, 1500])
def test_folders_in_each_other_at_any_depth(tmp_path, nested, depth):
    touch(tmp_path, "a/1.png", "b/1.png")
    nested(tmp_path / "a", depth)
    assert found_in(tmp_path) == [("a/1.png", 0), ("a/" + "d/" * depth + "x.png", 0), ("b/1.png", 1)]


@pytest.mark.posix
def test_a_picture_that_no_path_leads_to(tmp_path, nested):
    touch(tmp_path, "a/1.png", "b/1.png")
    nested(tmp_path / "a", 30, "d" * 200)
    assert "(File name too long)" in refusal(tmp_path)


def test_an_endless_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_files, "MOST_ENTRIES", 9)
    touch(tmp_path, "a/1.png", "b/1.png", *[f"b/{number}.txt" for number in range(6)])
    (tmp_path / "b" / "inner").mkdir()
    assert len(found_in(tmp_path)) == 2
    touch(tmp_path, "b/inner/2.txt")
    assert "expected at most 9 files and folders" in refusal(tmp_path)


@pytest.mark.posix
@pytest.mark.parametrize("names", ["ab", ["train", "test"]])
def test_a_folder_that_links_to_itself_has_no_end_of_pictures(tmp_path, names):
    for name in names:
        (tmp_path / name).symlink_to(tmp_path)
    assert "found 0 in all" in refusal(tmp_path)


@pytest.mark.posix
def test_a_picture_that_links_to_itself_is_left_to_its_reader(tmp_path):
    touch(tmp_path, "a/1.png", "b/1.png")
    (tmp_path / "b" / "2.png").symlink_to("2.png")
    (tmp_path / "loop").symlink_to("loop")
    assert found_in(tmp_path) == [("a/1.png", 0), ("b/1.png", 1), ("b/2.png", 1)]
