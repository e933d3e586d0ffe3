"""The mark on every mail we write, by which our own words are found again inside a reply.

Plain text begins with a line that no client translates and few people type; HTML wraps everything
in one element whose class survives quoting (webmail may put a prefix before it). Composing writes
the mark, folding quotes looks for it. Pure: no Django here.
"""

import re

TEXT_MARKER = "##- Please write your reply above this line -##"
#: Any language between the two hooks is ours, also behind quote marks.
TEXT_MARKER_PATTERN = re.compile(r"^[>\s|]*##- .{1,80} -##\s*$", re.MULTILINE)

HTML_CLASS = "helpdesk-message"
#: Gmail turns ``helpdesk-message`` into ``m_-123helpdesk-message``: look for a class *ending* so.
HTML_CLASS_SELECTOR = f'[class$="{HTML_CLASS}"]'
