"""Writing the search index: one row per message, in the message's own transaction."""

import re
import unicodedata
from typing import Any
from uuid import UUID

from helpdesk.foundation import rows
from helpdesk.foundation.ids import uuid7
from identity.tenancy import require_workspace_id

#: Longer bodies are searchable by their beginning; PostgreSQL caps a vector at 1 MB.
MAX_BODY = 60_000
_WORD = re.compile(r"[\w@.+#-]{1,100}", re.UNICODE)


def fold(text: str) -> str:
    """Return text without accents and case: what is indexed and what is asked meet here."""
    if text.isascii():  # most of it is, and casefold alone is a hundred times faster
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def workspace_lexeme(workspace_id: UUID) -> str:
    """Return the lexeme every vector of a workspace holds."""
    return f"w{workspace_id.hex}"


def index_message(**about: Any) -> None:
    """Add one message by itself; the same arguments."""
    rows.write(indexing(**about))


def indexing(
    *,
    message_id: UUID,
    conversation_id: UUID,
    subject: str,
    body: str,
    people: str,
    extra: str = "",
) -> rows.Write:
    """Return the write that adds one message: subject and names weigh more than the body, file names least."""
    workspace_id = require_workspace_id()
    return rows.Write(
        _INSERT,
        [
            uuid7(),
            workspace_id,
            message_id,
            conversation_id,
            workspace_lexeme(workspace_id),
            fold(subject[:1000]),
            fold(people[:1000]),
            fold(body[:MAX_BODY]),
            fold(extra[:2000]),
        ],
    )


_INSERT = """
INSERT INTO inbox_messageindex (id, workspace_id, message_id, conversation_id, vector, created_at)
VALUES (%s, %s, %s, %s, array_to_tsvector(ARRAY[%s::text]) ||
  setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B') ||
  setweight(to_tsvector('simple', %s), 'C') || setweight(to_tsvector('simple', %s), 'D'), now())
"""


def query_words(text: str) -> list[str]:
    """Return the folded words somebody searches for."""
    return [word.strip(".-+@#") for word in _WORD.findall(fold(text)) if word.strip(".-+@#")]
