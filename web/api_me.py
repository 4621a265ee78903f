"""The JSON API's route about oneself: who has signed in here, and what they may do."""

from __future__ import annotations

from web.declare import Call, Declarations
from web.shapes_me import MeJson

me = Declarations()


@me.route("GET", "/me", scope="read")
def show_me(call: Call) -> MeJson:
    """Who calls: the account that has signed in at this page, its roles, and its clerk in the hall file."""
    caller, hall = call.caller, call.rooms.hall
    account = caller.account
    clerk = next((one for one in hall.plan.clerks if account and one.id == account.clerk), None)
    window = next((one.number for one in hall.queue().windows if clerk and one.clerk == clerk.id), None)
    return MeJson(
        name=caller.name,
        account=account.name if account else None,
        display_name=account.display_name if account else "",
        roles=account.roles if account else caller.roles,
        scopes=tuple(sorted(caller.scopes)),
        clerk=clerk.id if clerk else None,
        clerk_name=clerk.name if clerk else "",
        clerk_position=clerk.position if clerk else "",
        window=window,
    )
