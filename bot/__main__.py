"""The command line. It imports nothing heavy before it knows what is wanted: `--help` must answer at once."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from bot import __version__

configured = click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="WYSPER_CONFIG",
    default="config.toml",
    show_default=True,
    help="The configuration file.",
)


class Sentences(click.Group):
    """Says what went wrong in one sentence on stderr, with exit code 1; never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:  # noqa: BLE001  whatever it is, the operator reads a sentence
            from bot.trouble import sentence  # noqa: PLC0415  only now

            raise click.ClickException(sentence(error)) from None


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Wysper")
def cli() -> None:
    """A CRM for Telegram Business that lives inside Telegram and keeps every conversation encrypted."""


@cli.command()
@click.option("--conversations", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--port", default=0, show_default="a free one", help="Where the page listens, on this machine only.")
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
def demo(conversations: Path | None, port: int, *, no_browser: bool) -> None:
    """Try everything in a Telegram of its own on this machine; nothing leaves it.

    FILE is a dialogues.jsonl or .jsonl.gz whose conversations are added to the demo's own.
    """
    from bot.demo import demonstrate  # noqa: PLC0415

    _run(demonstrate(conversations, port, say=click.echo, open_browser=not no_browser))


@cli.command()
@configured
def init(path: Path) -> None:
    """Make config.toml, the data folder, and the master key beside it, readable by you alone."""
    from bot.setup import initialise  # noqa: PLC0415

    token = ""
    if not path.exists() and sys.stdin.isatty():
        from getpass import getpass  # noqa: PLC0415

        token = getpass("Bot token from @BotFather (Enter to put it in later): ").strip()
    _run(initialise(path, token, say=click.echo))


@cli.command()
@configured
def run(path: Path) -> None:
    """Run until stopped."""
    from bot.config import load_for_running  # noqa: PLC0415  what is wrong there is said before all else is imported

    config = load_for_running(path)
    from bot.running import run_until_stopped  # noqa: PLC0415

    _run(run_until_stopped(config, say=click.echo))


@cli.command()
@click.option("--workspace", type=int, help="The workspace's number, where there are several.")
@configured
def login(path: Path, workspace: int | None) -> None:
    """Link a Telegram account as a device, here in the terminal. Stop `wysper run` first."""
    from bot.config import load_for_login  # noqa: PLC0415

    config = load_for_login(path)
    from bot.terminal import log_in  # noqa: PLC0415

    sys.exit(0 if _run(log_in(config, workspace, say=click.echo)) else 1)


@cli.command("import")
@click.argument("export", type=click.Path(exists=True, path_type=Path))
@click.option("--workspace", type=int, help="The workspace's number, where there are several.")
@click.option("--account", type=int, help="Whose chat it is, where the file does not tell: a Telegram user id.")
@configured
def import_(path: Path, export: Path, workspace: int | None, account: int | None) -> None:
    """Take in a history that Telegram Desktop has exported as JSON. Stop `wysper run` first.

    EXPORT is a result.json, or the folder in which it lies. It may be taken in again: nothing comes twice.
    """
    from bot.config import load  # noqa: PLC0415

    config = load(path)
    from bot.importing import import_history  # noqa: PLC0415
    from bot.process import prepare_process  # noqa: PLC0415

    prepare_process()
    _run(import_history(config, export, workspace, account, say=click.echo))


@cli.command()
@configured
def check(path: Path) -> None:
    """Say how this installation is: keys, vaults, what waits and what was given up."""
    from bot.checking import examine  # noqa: PLC0415

    sys.exit(0 if _run(examine(path, say=click.echo)) else 1)


@cli.command()
@click.argument("workspace", type=int)
@configured
def accept(path: Path, workspace: int) -> None:
    """Go on with an older copy of WORKSPACE's vault that you brought back from a backup. Stop `wysper run` first."""
    from bot.accepting import accept as accept_copy  # noqa: PLC0415

    _run(accept_copy(path, workspace, say=click.echo))


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """With keys in memory: no core dump of any command, and no file of it that others may read."""
    import asyncio  # noqa: PLC0415
    import os  # noqa: PLC0415
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)

    return asyncio.run(work)


def main() -> None:
    """The way in from the launcher and from the installed program."""
    cli(prog_name="wysper")


if __name__ == "__main__":
    main()
