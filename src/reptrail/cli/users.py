"""`reptrail user create | list | passwd`."""

import sys
from typing import Annotated

import typer
from rich.table import Table

from reptrail.cli.runtime import DatabaseUrl, DataDir, err, out, refuse, settings_from, with_services
from reptrail.http.edge import Services
from reptrail.identity import actions
from reptrail.ids import uuid7
from reptrail.training.rules import WeightUnit

app = typer.Typer(no_args_is_help=True, help="The instance's users.")

Email = Annotated[str, typer.Argument(metavar="EMAIL")]


def _password(confirm: str = "Password again") -> str:
    """A password typed twice, or the first line of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed: str = typer.prompt("Password", hide_input=True, err=True)
    if typed != typer.prompt(confirm, hide_input=True, err=True):
        refuse("the two passwords differ")
    return typed


@app.command("create")
def create(
    email: Email,
    name: Annotated[str | None, typer.Option(help="Name shown to others.  [default: the address's first half]")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA time zone.")] = "UTC",
    weight_unit: Annotated[WeightUnit, typer.Option(help="Unit of weights.")] = WeightUnit.KG,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Create a user; the password is asked for, or read from standard input. The first user is the administrator."""
    password = _password()
    new = actions.NewUser(
        id=uuid7(), email=email, password=password, display_name=name or email.partition("@")[0], time_zone=time_zone,
        weight_unit=weight_unit,
    )  # fmt: skip

    async def work(services: Services) -> None:
        async with services.database.act_as_system(None, uuid7()) as tx:
            await actions.create_user(tx, new)

    with_services(settings_from(data_dir, database_url), work)
    err.print(f"Created {email}.", markup=False)


@app.command("list")
def list_(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the users."""

    async def work(services: Services) -> Table:
        async with services.database.act_as_system(None, uuid7()) as tx:
            users = await actions.list_users(tx)
        table = Table(box=None, header_style="bold")
        table.add_column("e-mail", no_wrap=True)
        for column in ("name", "time zone", "unit", "since", "admin"):
            table.add_column(column)
        for user in users:
            table.add_row(
                user["email"], user["display_name"], user["time_zone"], user["weight_unit"], f"{user['created_at']:%Y-%m-%d}",
                "yes" if user["is_admin"] else "")  # fmt: skip
        return table

    out.print(with_services(settings_from(data_dir, database_url), work))


@app.command("passwd")
def passwd(email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Give a user a new password and end all their logins."""
    password = _password()

    async def work(services: Services) -> None:
        async with services.database.act_as_system(None, uuid7()) as tx:
            user = await actions.user_by_email(tx, email)
            await actions.set_password(tx, user.id, password)

    with_services(settings_from(data_dir, database_url), work)
    err.print(f"Changed the password of {email}; all their logins have ended.", markup=False)
