"""The acts that ``harness doctor`` tries in a box, and what each would mean if it succeeded."""

from __future__ import annotations

from harness.model.frozen import frozen


@frozen
class Act:
    """One thing that a hostile solution might try."""

    name: str
    """The function of ``solution.py`` that tries it."""
    group: str
    text: str
    """What it does: ends the sentence "a solution can …"."""
    meaning: str
    """What a solution gains when it is allowed."""
    known_in: tuple[str, ...] = ()
    """Tiers of which ``docs/security.md`` says that they cannot stop it."""


_FILES = (
    ("read_file", "read a file of yours", "your documents, keys and passwords"),
    ("list_folder", "list a folder of yours", "what you have, and where"),
    ("see_file", "see that a file exists", "names, sizes and times; never what is in a file"),
    ("change_file", "change a file of yours", "your work, and what your programs do next time"),
    ("change_rights", "open a file to others", "what you keep to yourself"),
    ("create_file", "create a file", "a full disk, and notes for later"),
)
_NETWORK = (
    ("connect", "connect to a service here", "databases and sites that trust this machine"),
    ("send_datagram", "send a datagram", "a way out for what it has read"),
    ("talk_locally", "talk to a local socket", "Docker, key agents, the desktop"),
)
_PROCESSES = (
    ("start_process", "start a process", "work that goes on when its case is over"),
    ("run_program", "run a program", "everything that is installed here"),
    ("see_process", "see other processes", "which numbers are in use; not what they do"),
    ("act_as_root", "act as root", "the whole machine"),
)
_LIMITS = (
    ("take_memory", "take memory without limit", "a machine that stands still"),
    ("take_time", "compute without limit", "a processor that is never free"),
    ("print_much", "print without limit", "a full disk"),
    ("start_threads", "start a thousand threads", "a machine that stands still"),
    ("open_files", "open a thousand files", "nothing left for other programs to open"),
    ("raise_limits", "raise its own limits", "every limit above"),
)
_KERNEL = (
    ("share_memory", "share memory", "notes from one case to the next"),
    ("make_queue", "make a message queue", "notes from one case to the next"),
    ("keep_key", "keep a key in the kernel", "notes from one case to the next"),
    ("lock_file", "lock a file", "signs from one box to another"),
    ("hide_file", "make a file in memory", "programs that no folder shows"),
    ("new_namespace", "make namespaces", "more of the kernel to attack"),
    ("trace", "let itself be traced", "a debugger's powers"),
    ("risky_calls", "make risky system calls", "the parts of the kernel that break most often"),
    ("other_abi", "call as another ABI", "every call, past a filter that knows one ABI only"),
)
_JUDGE = (
    ("read_suite", "read a hidden suite", "the expected answers"),
    ("read_record", "read the record of attempts", "other people's solutions"),
    ("read_judge", "read the judge's memory", "the expected answers"),
    ("signal_judge", "signal the judge", "a verdict that never comes"),
    ("use_descriptors", "use files left open", "whatever the judge had opened"),
    ("read_variables", "read your variables", "tokens and passwords"),
    ("meet_last_case", "leave notes in its module", "answers that depend on earlier cases"),
)
_LEAKS_WHEN_LOCKED = ("see_file", "see_process")

ACTS = tuple(
    Act(name, group, text, meaning, ("locked",) if name in _LEAKS_WHEN_LOCKED else ())
    for group, acts in (
        ("Files", _FILES),
        ("Network", _NETWORK),
        ("Processes", _PROCESSES),
        ("Limits", _LIMITS),
        ("Kernel", _KERNEL),
        ("Judge", _JUDGE),
    )
    for name, text, meaning in acts
)
"""In the order in which they are shown."""
