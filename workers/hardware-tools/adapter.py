# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Tools by name: what there is, in the form that chats take, and calls of them."""

import importlib.util
import inspect
import sys
from pathlib import Path

from hailstone_worker import BadRequest, NotFound


def find_tools(folder):
    """Modules by name. One that cannot be imported is only printed: its hardware is not there."""
    found = {}
    for path in sorted([*folder.glob("*.py"), *folder.glob("*/tool.py")]):
        name = path.parent.name if path.name == "tool.py" else path.stem
        if name.startswith("_"):
            continue
        sys.path.insert(0, str(path.parent))
        try:
            spec = importlib.util.spec_from_file_location("tool_" + name, path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        except Exception as error:  # noqa: BLE001: whatever is missing for it
            print(f"{path}: {error}")
            continue
        finally:
            sys.path.remove(str(path.parent))
        if callable(getattr(module, "run", None)):
            found[getattr(module, "name", name)] = module
    return found


def start(context):
    global tools, folder
    folder = Path(context.settings["tools"])
    tools = find_tools(folder)


def describe(name, module):
    description = getattr(module, "description", None) or inspect.getdoc(module) or name
    schema = getattr(module, "schema", None) or {"type": "object", "properties": {}}
    return {"type": "function", "function": {"name": name, "description": description,
                                             "parameters": schema}}


def handle(request):
    name = request.get("tool")
    if not name:
        return {"tools": [describe(each, module) for each, module in tools.items()]}
    if name not in tools:
        raise NotFound(f"there is no tool {name} in {folder}", "tools: " + ", ".join(tools))
    arguments = request.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise BadRequest("arguments must be an object")
    return {"tool": name, "result": tools[name].run(arguments)}
