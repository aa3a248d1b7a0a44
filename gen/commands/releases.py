"""The command that publishes a version of the site."""

import click

from gen.commands.shared import project


@click.command()
@click.argument("version")
@click.option(
    "--remote", default="origin", show_default=True, help="Whose branch gh-pages takes it."
)
@click.option("--again", is_flag=True, help="Replace this version's pages if it stands there.")
def publish(version: str, remote: str, again: bool) -> None:
    """Builds this commit as a version of the site and pushes it beside the older ones.

    VERSION is that of pyproject.toml, as 0.1.0.
    """
    from gen.publish.release import publish

    root, inputs = project()
    publish.publish(root, inputs, version, remote, again, click.echo)
