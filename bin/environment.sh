# Read by the commands in this folder, with $root set: finds Python and settles the variables.
# shellcheck shell=sh

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$(command -v "$candidate")
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed, and none was found on the PATH." >&2
    exit 1
fi

# Relative to where the person stands, not to the clone.
case "${HELPDESK_DATA_DIR:-}" in
    "") HELPDESK_DATA_DIR=$root/var ;;
    /*) ;;
    *) HELPDESK_DATA_DIR=$PWD/$HELPDESK_DATA_DIR ;;
esac
export HELPDESK_DATA_DIR

# Sockets whose path would be too long for the system go here.
if [ -z "${XDG_RUNTIME_DIR:-}" ] || [ ! -w "${XDG_RUNTIME_DIR:-}" ]; then
    XDG_RUNTIME_DIR=/tmp/helpdesk-$(id -u)
    mkdir -m 700 "$XDG_RUNTIME_DIR" 2>/dev/null || true
fi
export XDG_RUNTIME_DIR
export PIP_DISABLE_PIP_VERSION_CHECK=1
