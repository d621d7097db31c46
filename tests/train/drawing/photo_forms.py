"""Photos of paper: what may surround a digit."""

import numpy as np
from PIL import Image

from tests.train.drawing.picture_forms import blend

SIDE = 280
Ink = np.ndarray


def on_page(ink: Ink, rows: int = 400, columns: int = 360) -> Ink:
    """The ink in the middle of a larger page."""
    page = np.zeros((rows, columns), np.uint8)
    top, left = (rows - SIDE) // 2, (columns - SIDE) // 2
    page[top : top + SIDE, left : left + SIDE] = ink
    return page


def plain(ink: Ink) -> Ink:
    return np.asarray(blend(ink, 235.0, 35.0))


def margin(ink: Ink) -> Ink:
    grey = plain(ink)
    grey[:, 30:33] = 130
    return grey


def crossed_margin(ink: Ink) -> Ink:
    """Through the digit, and a little aslant."""
    grey = plain(ink)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    grey[np.abs(x - 170 - 0.05 * y) < 2] = 130
    return grey


def darker_lines(ink: Ink) -> Ink:
    """Pencil on paper whose lines are darker than it."""
    grey = np.asarray(blend(ink, 235.0, 160.0))
    grey[15::40] = grey[16::40] = 110
    return grey


def framed(ink: Ink) -> Ink:
    grey = plain(ink)
    grey[8:14] = grey[-14:-8] = grey[:, 8:14] = grey[:, -14:-8] = 30
    return grey


def boxed(ink: Ink) -> Ink:
    """In the box of a form."""
    grey = plain(ink)
    grey[30:35, 30:330] = grey[360:365, 30:330] = grey[30:365, 30:35] = grey[30:365, 325:330] = 30
    return grey


def circled(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    far = np.hypot(x - ink.shape[1] / 2, 0.9 * (y - ink.shape[0] / 2))
    return np.where((far > 160) & (far < 167), 40.0, plain(ink))


def circled_by_hand(ink: Ink) -> Ink:
    """By a line that neither closes nor is quite round."""
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    down, across = y - ink.shape[0] / 2, x - ink.shape[1] / 2
    turn = np.arctan2(down, across)
    far = np.hypot(down, across) - 4 * np.sin(3 * turn) - turn
    return np.where((far > 163) & (far < 169) & (np.abs(turn) < 3), 40.0, plain(ink))


def folded(ink: Ink) -> Ink:
    """In four, each part of it in another light; so large that more of it is in shade than inked."""
    ink = np.pad(ink, 200)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    creased = (np.abs(y - 400) < 3) | (np.abs(x - 380) < 3)
    return (
        plain(ink) * np.where(y < 400, 0.88, 1.0) * np.where(x < 380, 1.0, 0.93) * np.where(creased, 0.8, 1.0)
    )


def desk(ink: Ink) -> Ink:
    grey = np.full((520, 480), 90.0)
    grey[60:460, 60:420] = plain(ink)
    return grey


def light_desk(ink: Ink) -> Ink:
    grey = desk(ink)
    grey[grey == 90] = 165
    return grey


def turned_desk(ink: Ink) -> Ink:
    return np.asarray(Image.fromarray(desk(ink)).rotate(12, Image.Resampling.BILINEAR, fillcolor=90), float)


def shadow(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return plain(ink) * np.where(x + 0.4 * y < 230, 0.55, 1.0)


def narrow_shadow(ink: Ink) -> Ink:
    """Of a finger, which lies on the digit, with the shadow of the hand."""
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    hand = (y > 330) | ((np.abs(x - 180) < 14) & (y > 150))
    return plain(ink) * np.where(hand, 0.7, 1.0)


def finger(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return np.where(((x - 355) / 60) ** 2 + ((y - 200) / 35) ** 2 < 1, 150.0, plain(ink))


FORMS = (
    plain,
    margin,
    crossed_margin,
    darker_lines,
    framed,
    boxed,
    circled,
    circled_by_hand,
    folded,
    desk,
    light_desk,
    turned_desk,
    shadow,
    narrow_shadow,
    finger,
)
