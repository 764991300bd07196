"""What pages that are one file have in common: a policy that lets nothing else run, and names as mere text."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any

from funnelsim.text import visible


def policy(style: str, script: str = "") -> str:
    """What a browser may do with a page: show it in its own style, and run its own script if it has one."""
    run = f"script-src {_hash(script)}" if script else "script-src 'none'"
    return (
        f"default-src 'none'; style-src {_hash(style)}; {run}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def as_text(text: object) -> str:
    """Text of anybody as text of a page: characters that cannot be seen are written out."""
    return html.escape(visible(str(text)))


def json_block(content: Any) -> str:
    """Data for a script; nothing in it can end the element that it stands in."""
    text = json.dumps(_seen(content), ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")
    )


def _seen(content: Any) -> Any:
    """The same with all texts as they are shown."""
    if isinstance(content, str):
        return visible(content)
    if isinstance(content, dict):
        return {key: _seen(value) for key, value in content.items()}
    return [_seen(each) for each in content] if isinstance(content, list | tuple) else content
