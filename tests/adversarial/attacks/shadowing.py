"""Modules of the solution that have the names of library modules."""

from functools import partial

from marks import attack

hidden = partial(
    attack,
    "It hides the library's module only in the box, and only from the solution.",
    verdicts=["wrong_answer"],
    on_import=True,
)


@hidden(files={"asyncio.py": "import os\nos._exit(0)"})
def asyncio_module():
    """Bring a module called asyncio that ends the process."""


@hidden(files={"builtins.py": "import os\nos._exit(0)"})
def builtins_module():
    """Bring a module called builtins that ends the process."""


@hidden(files={"encodings.py": "import os\nos._exit(0)"})
def encodings_module():
    """Bring a module called encodings that ends the process."""


@hidden(files={"json.py": "import os\nos._exit(0)"})
def json_module():
    """Bring a module called json that ends the process."""


@hidden(files={"pytest.py": "import os\nos._exit(0)"})
def pytest_module():
    """Bring a module called pytest that ends the process."""


@hidden(files={"random.py": "import os\nos._exit(0)"})
def random_module():
    """Bring a module called random that ends the process."""


@hidden(files={"re.py": "import os\nos._exit(0)"})
def re_module():
    """Bring a module called re that ends the process."""


@hidden(files={"socket.py": "import os\nos._exit(0)"})
def socket_module():
    """Bring a module called socket that ends the process."""


@hidden(files={"threading.py": "import os\nos._exit(0)"})
def threading_module():
    """Bring a module called threading that ends the process."""


@hidden(files={"typing.py": "import os\nos._exit(0)"})
def typing_module():
    """Bring a module called typing that ends the process."""
