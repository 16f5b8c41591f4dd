#!/bin/sh
# Makes sure there is a Chromium for the browser tests: Debian's package, never a downloaded build.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
[ -d "/Applications/Google Chrome.app" ] && exit 0
if command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  if [ "$(id -u)" = 0 ]; then root=""; else root="sudo"; fi
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null
  exit 0
fi
echo "The browser tests need Chromium or Google Chrome; install one, or set CHROMIUM=/path/to/it." >&2
exit 1
