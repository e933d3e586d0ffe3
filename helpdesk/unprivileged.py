"""Running a server program as somebody other than root, and never longer than its parent.

PostgreSQL refuses to run as root. Its wheel would create a system user and open every folder on the
way to the data; we rather borrow a user that every Linux has, hand the server's folders to it, and
leave the machine as it was. Only when a folder on the way is closed to others (a clone under /root)
does the server keep the one capability that lets it walk through.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
#: ``setuid`` leaves capabilities alone, and ``access`` (with which initdb looks for its programs)
#: takes them into account.
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522

#: Tried in this order when we are root.
BORROWED_USERS = ("postgres", "nobody")


class ServerUserError(RuntimeError):
    """No user was found that PostgreSQL could run as."""


@cache
def server_user() -> pwd.struct_passwd | None:
    """Return the user the embedded servers run as, or None when it is simply us."""
    if os.geteuid() != 0:
        return None
    for name in BORROWED_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerUserError(
        "PostgreSQL does not run as root and this machine has neither a 'postgres' nor a 'nobody' "
        "user. Start as an ordinary user, or set DATABASE_URL."
    )


def hand_over(path: Path) -> None:
    """Make a folder private to the user the servers run as."""
    path.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def _others_can_reach(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def child_setup(
    *, parent_death: signal.Signals, reaches: tuple[Path, ...] = ()
) -> Callable[[], None]:
    """Return a ``preexec_fn``: give up root when there is a server user, and die with the parent.

    Everything is looked up here, before the fork, because after it only simple system calls are safe.
    Elsewhere than on Linux children do not die with their parent; the next start ends them instead.
    """
    user = server_user() if reaches else None
    capability = CAP_DAC_READ_SEARCH if not all(map(_others_can_reach, reaches)) else None
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def prepare() -> None:
        if user is not None:
            if capability is not None and libc is not None:
                libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            if capability is not None and libc is not None:
                _keep_capability(libc, capability)
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(parent_death), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def _keep_capability(libc: ctypes.CDLL, capability: int) -> None:
    """Keep one capability over ``exec``; fall back to the wider one that containers usually have."""
    header = _CapHeader(LINUX_CAPABILITY_VERSION_3, 0)
    for candidate in (capability, CAP_DAC_OVERRIDE):
        bits = 1 << candidate
        data = (_CapData * 2)(_CapData(bits, bits, bits), _CapData(0, 0, 0))
        if libc.capset(ctypes.byref(header), data) == 0:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, candidate, 0, 0)
            return
