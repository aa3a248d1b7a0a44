"""python -m gen: finds the command and says what went wrong in one line."""

import os
import sys
import traceback

import click

from gen.commands.captures import blueprints, capture, doctor, prune, status, verify
from gen.commands.facts import check, fact
from gen.commands.measures import measure, pick
from gen.commands.releases import publish
from gen.commands.study import study
from gen.core.errors import BuildError

INSTALLED_BY = dict.fromkeys(  # what only some commands need, and what installs it
    ("accelerate", "diffusers", "safetensors", "tokenizers", "torch", "tqdm", "transformers"),
    "make generate",
) | dict.fromkeys(("matplotlib", "mitsuba", "pyoidn", "scipy", "skimage"), "make train")

QUIET = {  # libraries that warn as they are imported, and draw bars of their own
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def main() -> None:
    """How AI paints chrome: captures and checks for the site. Run in the project's folder."""


COMMANDS = (
    *(status, doctor, capture, verify, blueprints, check, fact, prune, measure, pick),
    *(study, publish),
)
for command in COMMANDS:
    main.add_command(command)


def run() -> None:
    """The command line; a BuildError is one line on stderr and exit code 1."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # weights are looked up here, never fetched
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # a GPU adds up in one order
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads leave the cores to others
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        main(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BuildError as error:
        click.echo(error, err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in INSTALLED_BY:
            raise
        click.echo(f"{name} is not installed; run {INSTALLED_BY[name]}", err=True)
        sys.exit(1)
    except OSError as error:
        if not _while_telling(error):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left for later
        why = f"{error.strerror}; free some space, or name another place"
        click.echo(f"stdout: cannot be written: {why}", err=True)
        sys.exit(1)


def _while_telling(error: OSError) -> bool:
    """Whether a result could not be told: what else is not written has a name, and is told."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return last.filename == click.utils.__file__


if __name__ == "__main__":
    run()
