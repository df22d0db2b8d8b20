"""Stands at the end of a reference, and prints its calls and values that are not of a stated kind.

``watching`` appends it to the module of a reference, with a call of ``_harness_watch``. Only calls
from outside count. Its names are not those of solutions.
"""

import functools as _harness_functools
import json as _harness_json
import threading as _harness_threading

_harness_inside = _harness_threading.local()


def _harness_fits(value: object, kinds: list | None) -> bool:  # type: ignore[type-arg]
    """Return whether a value is of one of ``kinds``; None stands for anything.

    A kind is the name of a type, or such a name with the kinds of what it holds.
    """
    name = "None" if value is None else type(value).__name__
    return kinds is None or any(
        kind == name or (kind == "float" and name == "int")
        if isinstance(kind, str)
        else kind[0] == name and _harness_all_fit(value, *kind[1:])
        for kind in kinds
    )


def _harness_all_fit(value, *kinds) -> bool:  # type: ignore[no-untyped-def]
    if isinstance(value, dict):
        keys, values = kinds
        return _harness_all_fit([*value], keys) and _harness_all_fit([*value.values()], values)
    each = kinds * len(value) if len(kinds) == 1 else kinds
    return all(map(_harness_fits, value, each))


def _harness_watch(names: dict, stated: dict, mark: str) -> None:  # type: ignore[type-arg]
    """Wrap what is ``stated``: name → kinds by parameter, and those of the answer."""
    said = set()
    count = 0
    lock = _harness_threading.Lock()

    def report(kind: str, what: object) -> None:
        nonlocal count
        count += 1
        if count <= 100:
            text = _harness_json.dumps([kind, what], default=lambda value: type(value).__name__)
            with lock:
                print(f"{mark}{text}\n", end="", flush=True)

    def say(name: str, place: str, value: object) -> None:
        kinds = stated[name][0].get(place) if place else stated[name][1]
        if not _harness_fits(value, kinds) and (name, place) not in said:
            said.add((name, place))
            report("misfit", [name, place, repr(value)[:60]])

    def watched(name: str, function, skip: int):  # type: ignore[no-untyped-def]
        @_harness_functools.wraps(function)
        def call(*args, **kwargs):  # type: ignore[no-untyped-def]
            if getattr(_harness_inside, "is_busy", False):
                return function(*args, **kwargs)
            _harness_inside.is_busy = True
            try:
                answer = function(*args, **kwargs)
            except BaseException as error:
                report("call", [name, [*args[skip:], kwargs], type(error).__name__])
                raise
            finally:
                _harness_inside.is_busy = False
            # What raises may be stated to raise for values of any kind.
            for place, value in [*zip(stated[name][0], args[skip:]), *kwargs.items()]:  # noqa: B905
                say(name, place, value)
            is_new = function.__name__ == "__init__"
            report("call", [name, [*args[skip:], kwargs], None if is_new else answer])
            if not is_new and not said:  # else it may follow from that
                say(name, "", answer)
            return answer

        return call

    for name, value in list(names.items()):
        own = isinstance(value, type) and value.__module__ == names["__name__"]
        for each, method in list(vars(value).items()) if own else [("", value)]:
            called = each if each not in ("", "__init__") else name
            if called in stated and isinstance(method, type(_harness_watch)):
                if own:
                    setattr(value, each, watched(called, method, 1))
                else:
                    names[name] = watched(called, method, 0)
