# What is done now and then while the system runs.

LOG_BYTES=1048576

# rotate FILE: keeps a log that has become too long as FILE.1 and empties it. Whoever writes to it appends, so that it
# can be emptied below him.
rotate() {
  [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "${2:-$LOG_BYTES}" ] || return 0
  cp "$1" "$1.1" || rm -f "$1.1"
  : >"$1"
}

# retry_time: has the time daemon begin anew if nobody answered when it did: later on it would move a clock that is
# wrong by years by seconds only.
retry_time() {
  grep -q 'skipping initial time setting' "$STATE/ntpd.log" 2>/dev/null || return 0
  grep -q 'clock is now synced' "$STATE/ntpd.log" || kill "$(cat "$STATE/ntpd.pid")" 2>/dev/null
  : >"$STATE/ntpd.log"
}
