"""Parse JSON from outside; whatever it is, either a value or one kind of error comes of it."""

import json
from typing import Any


def parse_json(content: bytes) -> Any:
    """Parse JSON in UTF-8.

    Raises:
        ValueError: If it is none, has thousands of nested brackets, a number of thousands of digits, or half
            a character (a lone surrogate), which no file and no terminal takes; the message is one line.
    """
    try:
        value = json.loads(content.decode("utf-8-sig"))
        if b"\\u" in content:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("too many nested brackets") from None
    except UnicodeEncodeError:
        raise ValueError("half a character, written as \\ud800 or the like") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"bytes that aren't UTF-8, the first at {error.start:,}") from None
    return value
