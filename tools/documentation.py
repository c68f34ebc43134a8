"""What the documentation site has beside the pages in ``docs/``: a hook of MkDocs.

Pages of the repository that stand elsewhere (`ELSEWHERE`) are read from there, so that there is
one text of each. The reference of the command line is written from the commands themselves. Links
are those that hold in the repository; here they are turned into those of the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]

ELSEWHERE = ("benchmarks/README.md", "benchmarks/RESULTS.md", "CONTRIBUTING.md", "CHANGELOG.md")
"""Pages from outside ``docs/``; the site has them under the same path."""

COMMANDS = "reference/cli.md"
"""Where the reference of the command line stands."""

LINK = re.compile(r"(\]\()([^)#:\s]+)([#)])")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


NOTEBOOKS = "src/steepest/lessons"
"""Where the lessons are, as notebooks; the site has them beside the page that lists them."""

LESSONS = ROOT / "docs" / "lessons"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the lessons their place, where there are any, in the order of their names."""
    pages = sorted(
        LESSONS.glob("*.md"), key=lambda page: (page.stem.lower() != "readme", page.stem)
    )
    if pages and config.nav:
        config.nav.insert(2, {"Lessons": [f"lessons/{page.name}" for page in pages]})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in ``docs/``."""
    for name in ELSEWHERE:
        files.append(File.generated(config, name, content=(ROOT / name).read_text("utf-8")))
    files.append(File.generated(config, COMMANDS, content=commands()))
    for notebook in sorted((ROOT / NOTEBOOKS).glob("*.ipynb")):
        place = f"lessons/{notebook.name}"
        files.append(File.generated(config, place, abs_src_path=str(notebook)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into links of the site, outside of code."""
    here = page.file.src_uri
    pieces, start = [], 0
    for fence in FENCE.finditer(markdown):
        pieces += [site_links(markdown[start : fence.start()], here), fence.group()]
        start = fence.end()
    return "".join([*pieces, site_links(markdown[start:], here)])


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tidy the lists of parameters in the reference.

    ``str, Function or callable`` is read as a tuple and gets brackets of its own, and what is
    returned without a word gets a dash with nothing behind it.
    """
    html = re.sub(r"\(<code>\((.*?)\)</code>", r"(<code>\1</code>", html, flags=re.DOTALL)
    return re.sub(r"\s*–\s*<div class=\"doc-md-description\">\s*</div>", "", html)


def site_links(text: str, here: str) -> str:
    """Return a text whose links hold in the site.

    Parameters
    ----------
    text : str
        Markdown.
    here : str
        The page that it is from, as a path in the site.

    Examples
    --------
    >>> site_links("[bench](../benchmarks/README.md#goals)", "engine.md")
    '[bench](benchmarks/README.md#goals)'
    >>> site_links("[fits](docs/fitting.md)", "CONTRIBUTING.md")
    '[fits](fitting.md)'
    """
    origin = here if here in ELSEWHERE else f"docs/{here}"

    def turned(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link[2]))
        there = target.removeprefix("docs/").replace(NOTEBOOKS, "lessons")
        path = posixpath.relpath(there, posixpath.dirname(here) or ".")
        return f"{link[1]}{path}{link[3]}"

    return LINK.sub(turned, text)


def commands() -> str:
    """Return the reference of the command line: every command, argument and option."""
    from steepest.cli.app import COMMANDS as SENTENCES
    from steepest.cli.app import shell

    context = click.Context(shell, info_name="steepest")
    lines = [
        "# The command line",
        "",
        "Every command with all of its options, as `steepest COMMAND --help` shows them. "
        "[The command line](../cli.md) explains them with examples.",
        "",
    ]
    for name in SENTENCES:
        command = shell.get_command(context, name)
        assert command is not None
        lines += section(command, f"steepest {name}", context, 2)
    return "\n".join(lines)


def section(command: click.Command, path: str, parent: click.Context, level: int) -> list[str]:
    """Return the lines on one command, and on those below it."""
    context = click.Context(command, info_name=path.split()[-1], parent=parent)
    lines = [f"{'#' * level} {path}", "", prose(command.help or ""), ""]
    lines += ["```text", f"{path} {' '.join(command.collect_usage_pieces(context))}", "```", ""]
    records = [record(item, context) for item in command.get_params(context)]
    rows = [row for row in records if row[1]]
    if rows:
        lines += ["| option | what it does |", "|---|---|"]
        lines += [f"| `{names}`{{ .option }} | {sentence} |" for names, sentence in rows]
        lines.append("")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            lines += section(below, f"{path} {name}", context, level + 1)
    return lines


def record(parameter: click.Parameter, context: click.Context) -> tuple[str, str]:
    """Return how a parameter is written and what it does, as ``--help`` says it."""
    found: Any = parameter.get_help_record(context)
    names, sentence = found or ("", "")
    return names.replace("|", "\\|"), prose(sentence)


def prose(text: str) -> str:
    """Return a text of ``--help`` as Markdown that shows the same characters."""
    without_marks = text.replace("\b", "").strip()
    return re.sub(r"([*_|<\[])", r"\\\1", without_marks)
