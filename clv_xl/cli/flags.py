"""A rule below the command line that names its argument is told by the flag of the option."""

from typing import Any

import click

from clv_xl.errors import InvalidArgumentError


class FlagGroup(click.Group):
    """Commands whose complaints name the option as it is typed."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever the command returns
        """Run the command; a rule below that names its argument is told by the option's flag."""
        try:
            return super().invoke(ctx)
        except InvalidArgumentError as fault:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            for option in command.params if command is not None else ():
                if isinstance(option, click.Option) and option.name == fault.argument:
                    flag = option.opts[0]
                    sentence = str(fault).replace(fault.argument, flag, 1)
                    raise click.UsageError(sentence) from fault
            raise
