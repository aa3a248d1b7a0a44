"""What --help says: of each command what it does, of each option what it is and its default."""

import click
import pytest

from gen.__main__ import main


def commands(group: click.Group) -> list[click.Command]:
    return [
        one
        for command in group.commands.values()
        for one in (commands(command) if isinstance(command, click.Group) else [command])
    ]


@pytest.mark.parametrize("command", commands(main), ids=lambda command: command.name)
def test_each_option_is_told_with_its_default(command):
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            told = option.get_help_record(click.Context(command))[1]
            assert option.help, option.name
            if option.to_info_dict()["default"] and not option.is_flag:
                assert f"[default: {option.default}" in told
