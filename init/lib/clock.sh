# The clock: the time of the last boot, for machines whose clock forgets it, and the time daemon's first answer.

# keep_time: notes the time on the data partition and in the hardware's clock.
keep_time() {
  is_mounted /data || return 0
  date +%s >"$ROOT/data/clock.new" && mv "$ROOT/data/clock.new" "$ROOT/data/clock"
  [ ! -e "$ROOT/dev/rtc0" ] || hwclock -u -w
}

# kept_time: prints it, in seconds since 1970; 0 when there is none, or none that makes sense.
kept_time() {
  kept=$(grep -xE '[0-9]{1,11}' "$ROOT/data/clock" 2>/dev/null)
  echo "${kept:-0}"
}

# retry_time: has the time daemon begin anew if nobody answered when it did: later on it would move a clock that is
# wrong by years by seconds only.
retry_time() {
  grep -q 'skipping initial time setting' "$STATE/ntpd.log" 2>/dev/null || return 0
  grep -q 'clock is now synced' "$STATE/ntpd.log" || kill "$(cat "$STATE/ntpd.pid")" 2>/dev/null
  : >"$STATE/ntpd.log"
}
