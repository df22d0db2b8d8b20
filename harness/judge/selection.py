"""Which cases are asked for: expressions as pytest's ``-k`` takes them."""

from __future__ import annotations

from harness.errors import RequestError


def require_expression(select: str, command: str) -> None:
    """Check ``select``, which ``command`` was given. Imports pytest if there is anything.

    Raises RequestError when pytest cannot read it.
    """
    if not select:
        return
    from _pytest.mark.expression import Expression

    try:
        Expression.compile(select).evaluate(_match)
    except Exception as error:  # its class is another one in each version of pytest
        reason = getattr(error, "msg", None) or str(error)
        raise RequestError(
            f"pytest cannot read -k '{select}': {reason}.", f"{command} -k 'one or another'"
        ) from None


def _match(name: str, /, **arguments: object) -> bool:
    if arguments:
        raise SyntaxError("names take no arguments here")
    return False
