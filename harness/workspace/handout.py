"""The files that the candidate gets: at the start, when a level opens, and for an editor."""

from __future__ import annotations

import json
from collections.abc import Iterator

from harness.errors import RequestError
from harness.model.problem import Problem

_PYTEST_INI = """\
# Plain `pytest` runs the opened suites in tests/ and your own test_*.py files,
# against the solution in this folder and without the harness.
[pytest]
pythonpath = .
addopts = --import-mode=importlib
"""

_GIT_IGNORE = """\
.harness/
.pytest_cache/
__pycache__/
"""

_README = """\
# {title}

Write your solution in `{module}.py`; more modules beside it are fine. Read `statements/` first.

    harness statement    read the current level
    harness test         run the visible suites in the box
    harness submit       let the hidden suites decide; passing a level opens the next
    harness watch        run on every save
    harness status       see the clock and the levels
    pytest               run the visible suites and your own test_*.py, breakpoints included
    harness finish       end the attempt early; accepting the last level ends it, too
    harness report       see how it went; after the end with editorial and reference
"""

EDITORS = ("none", "vim", "vscode")

# In full, because the editor merges such tables with those of the candidate.
_OFF = {"*": False, "markdown": False, "plaintext": False, "python": False}

_VSCODE_SETTINGS: dict[str, object] = {
    # The editor's own completion.
    "editor.quickSuggestions": {"comments": "off", "other": "off", "strings": "off"},
    "editor.suggestOnTriggerCharacters": False,
    "editor.wordBasedSuggestions": "off",
    "editor.snippetSuggestions": "none",
    "editor.tabCompletion": "off",
    "editor.acceptSuggestionOnEnter": "off",
    "editor.acceptSuggestionOnCommitCharacter": False,
    "editor.parameterHints.enabled": False,
    "editor.inlineSuggest.enabled": False,
    "editor.suggest.showMethods": False,
    "editor.suggest.showFunctions": False,
    "editor.suggest.showWords": False,
    "editor.suggest.showSnippets": False,
    "python.languageServer": "None",
    "vsintellicode.modify.editor.suggestSelection": "disabled",
    "vsintellicode.features.python.deepLearning": "disabled",
    # Assistants, built in and from extensions.
    "chat.disableAIFeatures": True,
    "chat.agent.enabled": False,
    "chat.commandCenter.enabled": False,
    "github.copilot.enable": _OFF,
    "github.copilot.editor.enableAutoCompletions": False,
    "github.copilot.editor.enableCodeActions": False,
    "github.copilot.nextEditSuggestions.enabled": False,
    "cursor.cpp.disabledLanguages": ["python", "markdown", "plaintext"],
    "codeium.enableConfig": _OFF,
    "codeium.enableCodeLens": False,
    "codeium.disableSupercomplete": True,
    "tabnine.disableFileRegex": [".*"],
    "continue.enableTabAutocomplete": False,
    "continue.enableNextEdit": False,
    "cody.autocomplete.enabled": False,
    "cody.suggestions.mode": "off",
    "supermaven.enable": _OFF,
    "geminicodeassist.enable": False,
    "geminicodeassist.inlineSuggestions.enableAuto": False,
}

_VSCODE_EXTENSIONS: dict[str, object] = {
    "recommendations": [],
    "unwantedRecommendations": [
        "amazonwebservices.amazon-q-vscode",
        "codeium.codeium",
        "codeium.windsurfpyright",
        "continue.continue",
        "github.copilot",
        "github.copilot-chat",
        "google.geminicodeassist",
        "sourcegraph.cody-ai",
        "supermaven.supermaven",
        "tabnine.tabnine-vscode",
        "visualstudioexptteam.vscodeintellicode",
        "visualstudioexptteam.vscodeintellicode-completions",
    ],
}

_EXRC = """\
" Coding without completion and assistants in this folder.
" Vim and Neovim read this file when the option 'exrc' is set. Otherwise start with:
"     vim --cmd 'set exrc' solution.py
set complete=
set completeopt=
set omnifunc=
set completefunc=
augroup naked_coding
  autocmd!
  autocmd FileType * setlocal complete= omnifunc= completefunc=
  autocmd FileType * let b:copilot_enabled = v:false
  autocmd FileType * let b:codeium_enabled = v:false
  autocmd FileType * let b:coc_suggest_disable = 1
  autocmd FileType * let b:completion = v:false
augroup END
" Plugins load after this file, so these settings are in place before they start.
let g:copilot_enabled = v:false
let g:loaded_copilot = 1
let g:codeium_enabled = v:false
let g:loaded_codeium = 1
let g:loaded_tabnine = 1
let g:SUPERMAVEN_DISABLED = 1
let g:coc_start_at_startup = 0
let g:loaded_youcompleteme = 1
let g:ale_completion_enabled = 0
let g:asyncomplete_auto_popup = 0
let g:loaded_jedi = 1
let g:jedi#completions_enabled = 0
if has('nvim')
  lua << NAKED
  local group = 'naked_coding'
  vim.api.nvim_create_autocmd('LspAttach', { group = group, command = 'setlocal omnifunc=' })
  vim.api.nvim_create_autocmd('InsertEnter', { group = group, callback = function()
    pcall(function() require('cmp').setup.buffer({ enabled = false }) end)
  end })
NAKED
endif
"""


def list_first_files(problem: Problem) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the first files: the skeleton, then generated ones."""
    yield from sorted(problem.content.below("template/").files.items())
    module, title = problem.manifest.module, problem.manifest.title
    yield "README.md", _README.format(title=title, module=module).encode()
    yield "pytest.ini", _PYTEST_INI.encode()
    yield ".gitignore", _GIT_IGNORE.encode()


def list_level_files(problem: Problem, level: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that come with ``level``."""
    statement, suite = name_level_files(level)
    files = problem.content.files
    yield statement, files[f"problem/level{level}/statement.md"]
    yield suite, files[f"problem/level{level}/test_visible.py"]


def name_level_files(level: int) -> tuple[str, str]:
    """Return the names of a level's statement and visible suite in the workspace."""
    return f"statements/level{level}.md", f"tests/test_level{level}.py"


def require_editor(editor: str) -> None:
    """Raise RequestError when ``editor`` is not one of ``EDITORS``."""
    if editor not in EDITORS:
        raise RequestError(
            f"There are no settings for the editor {editor!r}: choose one of {', '.join(EDITORS)}.",
            hint="harness start --help",
        )


def list_editor_settings(editor: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that switch off completion and assistants."""
    if editor == "vscode":
        yield ".vscode/settings.json", _as_json(_VSCODE_SETTINGS)
        yield ".vscode/extensions.json", _as_json(_VSCODE_EXTENSIONS)
    elif editor == "vim":
        yield ".exrc", _EXRC.encode()


def _as_json(content: dict[str, object]) -> bytes:
    return f"{json.dumps(content, indent=2)}\n".encode()
