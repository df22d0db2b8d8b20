"""Editor settings for coding without completion and assistants, in the workspace only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from harness.errors import RequestError

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


def list_settings(editor: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the settings files for ``editor``.

    Raises RequestError when it is not one of ``EDITORS``.
    """
    if editor not in EDITORS:
        raise RequestError(
            f"There are no settings for the editor {editor!r}: choose one of {', '.join(EDITORS)}.",
            hint="harness start --help",
        )
    if editor == "vscode":
        yield ".vscode/settings.json", _as_json(_VSCODE_SETTINGS)
        yield ".vscode/extensions.json", _as_json(_VSCODE_EXTENSIONS)
    elif editor == "vim":
        yield ".exrc", _EXRC.encode()


def _as_json(content: dict[str, object]) -> bytes:
    return f"{json.dumps(content, indent=2)}\n".encode()
