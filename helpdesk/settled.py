"""What is loaded at the start stays loaded: the garbage collector need not look at it again.

Django and our own modules are some 300,000 objects. A full collection walks them all and stops every
thread of the process for a tenth of a second and more, in the middle of somebody's request.
"""

import gc

#: New objects before the youngest are looked at; Python's 700 is made for small programs.
YOUNG = 20_000


def settle() -> None:
    """Set what is here now apart from the collector. Call it once everything is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
