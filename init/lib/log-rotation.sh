# Keeps logs short.

LOG_BYTES=1048576

# rotate FILE [BYTES]: keeps a log that has become too long as FILE.1 and empties it. Whoever writes to it appends, so that
# it can be emptied while it is open.
rotate() {
  [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "${2:-$LOG_BYTES}" ] || return 0
  # Whatever a pod may have put there.
  rm -rf "$1.1"
  cp "$1" "$1.1" || rm -f "$1.1"
  : >"$1"
}
