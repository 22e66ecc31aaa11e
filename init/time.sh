# The time of the last boot, for machines whose clock forgets it.

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
