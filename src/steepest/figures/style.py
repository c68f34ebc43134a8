"""One visual language for every figure: colours, fonts, sizes, light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from steepest.errors import InputError, did_you_mean

PATH_COLOUR = "#e3120b"
"""The descent itself: red, as on the blackboard; it stands out on viridis."""

METHOD_COLOURS = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#d55e00",
    "#0072b2",
    "#cc79a7",
    "#f0e442",
    "#000000",
)
"""Categories, told apart by colour-blind readers too (Okabe and Ito, 2008, "Color Universal
Design"); reordered so that the first few stay visible on a viridis background."""

DASHES = ("solid", "dash", "dot", "dashdot")
"""Line styles, one after another once the colours are used up."""

DIVERGING_COLOURS = "RdBu"
"""From negative to positive, told apart by colour-blind readers too (Brewer 2003)."""

SURFACE_COLOURS = "viridis"
"""Perceptually even and readable in grey (Smith and van der Walt, 2015)."""

FONT = "Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif"
FONT_SIZE = 13
TITLE_SIZE = 17
PICTURE_INCHES = (8.0, 6.0)
PICTURE_DPI = 150

MOST_MARKERS = 60
"""A path of more points than this is a line; dots would run into each other."""


@dataclass(frozen=True)
class Theme:
    """The colours that change between light and dark."""

    name: str
    paper: str
    ink: str
    faint_ink: str
    grid: str


THEMES = {
    "light": Theme("light", paper="#ffffff", ink="#1f2328", faint_ink="#59636e", grid="#dfe3e8"),
    "dark": Theme("dark", paper="#15191e", ink="#e6eaee", faint_ink="#9aa4af", grid="#333b44"),
}


@dataclass(frozen=True)
class Look:
    """How a band is filled: in a colour, and with a pattern for those who see none."""

    colour: str
    pattern: str
    hatch: str

    def tint(self, theme: Theme) -> str:
        """Return the colour mixed into the paper, so that lines on it stay readable."""
        colour, paper = (bytes.fromhex(text[1:]) for text in (self.colour, theme.paper))
        mixed = [round(TINT * c + (1 - TINT) * p) for c, p in zip(colour, paper, strict=True)]
        return f"#{bytes(mixed).hex()}"


TINT = 0.3
"""How much of a band's colour is mixed into the paper."""

BANDS = {
    "slow": Look("#56b4e9", pattern="", hatch=""),
    "good": Look("#009e73", pattern="", hatch=""),
    "oscillating": Look("#e69f00", pattern="/", hatch="//"),
    "diverging": Look("#d55e00", pattern="x", hatch="xx"),
}
"""The bands of learning rates, in colours of Okabe and Ito."""


INKS = ("paper", "ink", "faint_ink", "grid")
"""The colours of a theme."""

RIBBON = "#e3120b"
"""A band has the colour of the curve that it is of, mixed into the paper."""


def ribbon_tint(theme: Theme) -> str:
    """Return the colour of a band."""
    return Look(RIBBON, "", "").tint(theme)


def item_style(role: str, others: int, theme: Theme, on_map: bool = False) -> tuple[str, str]:
    """Return colour and dash of an item of a chart, by what it is for.

    Parameters
    ----------
    role : str
        A `Role`.
    others : int
        How many of the role "other" came before.
    on_map : bool, default False
        Whether it lies on the colours of a map, where blue and grey would drown.
    """
    if on_map and role != "main":
        bright = ("#e69f00", "#56b4e9", "#cc79a7")
        return bright[0 if role != "other" else 1 + others % 2], "solid"
    if role == "other":
        return METHOD_COLOURS[(others + 4) % len(METHOD_COLOURS)], DASHES[(others + 1) % 3]
    return {
        "data": (theme.faint_ink, "solid"),
        "main": (PATH_COLOUR, "solid"),
        "before": (theme.faint_ink, "dash"),
        "reference": (theme.faint_ink, "dot"),
        "trail": ("#0072b2", "solid"),
    }[role]


def other_colours(theme: Theme, other: Theme) -> dict[str, str]:
    """Return what the colours of one theme are in another.

    Examples
    --------
    >>> other_colours(THEMES["light"], THEMES["dark"])["#ffffff"]
    '#15191e'
    """
    black = METHOD_COLOURS[-1] if theme.name == "light" else theme.ink
    fixed = {getattr(theme, part): getattr(other, part) for part in INKS} | {black: other.ink}
    looks = (*BANDS.values(), Look(RIBBON, "", ""))
    return fixed | {look.tint(theme): look.tint(other) for look in looks}


def theme_named(name: str) -> Theme:
    """Return the theme of this name.

    Parameters
    ----------
    name : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    Theme

    Raises
    ------
    InputError
        For any other name.

    Examples
    --------
    >>> theme_named("light").paper
    '#ffffff'
    """
    if name not in THEMES:
        raise InputError(
            f"There is no theme {name!r}.{did_you_mean(name, THEMES)}"
            f" Themes are: {', '.join(THEMES)}."
        )
    return THEMES[name]


def path_style(index: int, count: int, theme: Theme) -> tuple[str, str]:
    """Return colour and dash of one of `count` lines; no two of the first 32 agree.

    A line that is alone is red.
    """
    if count == 1:
        return PATH_COLOUR, DASHES[0]
    colour = METHOD_COLOURS[index % len(METHOD_COLOURS)]
    dash = DASHES[index // len(METHOD_COLOURS) % len(DASHES)]
    # The palette's black would vanish on a dark page.
    return (theme.ink if colour == "#000000" else colour), dash
