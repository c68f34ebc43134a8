"""``steepest lab``: the page on which one drops a ball on a function."""

from __future__ import annotations

import click

from steepest.cli.command import declared
from steepest.cli.output import notice


@declared("lab", "steepest lab")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8050, metavar="N", help="Default: 8050."
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS",
              help="Where to listen; this machine alone by default.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def command(port: int, host: str, no_browser: bool, as_json: bool, quiet: bool) -> int:
    """Open the lab in a browser; Ctrl-C ends it."""
    from steepest.lab import serve

    def announce() -> None:
        address = f"http://{host}:{port}/"
        notice(f"The lab is at {address}; Ctrl-C ends it.", quiet)
        if not no_browser:
            from threading import Timer
            from webbrowser import open as open_page

            Timer(1.0, open_page, [address]).start()

    try:
        serve(host, port, announce)
    except KeyboardInterrupt:
        notice("The lab is closed.", quiet)
    return 0
