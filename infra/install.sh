#!/bin/sh
# Makes .venv and installs a lock file into it, every package checked by its hash.
set -eu
lock="$1"
python="${PYTHON:-python3}"

command -v "$python" >/dev/null 2>&1 || {
  echo "Storeclerk needs Python 3.11 or newer; '$python' was not found. Set PYTHON=/path/to/python3." >&2
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Storeclerk needs Python 3.11 or newer; '$python' is $("$python" -V)." >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    # Debian and Ubuntu ship venv as a package of its own.
    command -v apt-get >/dev/null 2>&1 || { "$python" -m venv .venv; exit 1; }
    echo "Installing python3-venv ..."
    rm -rf .venv
    as_root apt-get update -qq
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    as_root apt-get install -y -qq "python${version}-venv" >/dev/null || as_root apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv .venv
  fi
fi

if [ ! -x .venv/bin/uv ]; then
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r infra/installer.lock
fi
echo "Installing $lock ..."
# Byte-code now: otherwise the first start compiles everything, which takes minutes.
VIRTUAL_ENV="$PWD/.venv" UV_LINK_MODE="${UV_LINK_MODE:-copy}" \
  .venv/bin/uv pip install -q --compile-bytecode --require-hashes -r "$lock"
