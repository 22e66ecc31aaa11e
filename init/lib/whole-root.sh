# A root with a rotten block restarts the machine each time that block is read, without a trace (dm-verity). After three boots in a
# row that never got ready, all of it is read once; when it isn't the release's, the other slot's turn has come.
#   reads   the log: each boot has a line in it (last-words.sh), and the engine's when it is ready. Nothing more is written for this

# check_whole_root: dies when it isn't. What is on trial has its tries; a root in memory was read as a whole.
check_whole_root() {
  slot=$(cmdline kubesolo.slot)
  [ -n "$slot" ] && ! has_flag kubesolo.trial && [ -f "$ROOT/run/slot/root.squashfs" ] || return 0
  boots=$(boots_before_ready)
  [ "$boots" -gt 0 ] && [ $((boots % 3)) -eq 0 ] || return 0
  say "the last $boots boots never got ready: reading the whole root"
  # Once more: it may have been read wrongly.
  is_whole || is_whole || give_up_slot
}

# boots_before_ready: prints how many boots of this system before this one came to nothing, in a row.
boots_before_ready() {
  { [ ! -f "$LOG" ] || tail -c 262144 "$LOG"; } |
    awk -v line="init: KubeSolo OS $(cmdline kubesolo.version), slot $slot" '
      /^kubesolo: engine: ready in / { boots = 0 }
      $0 == line { boots++ }
      END { print (boots > 0 ? boots - 1 : 0) }'
}

is_whole() {
  # From the disk.
  echo 1 >"$ROOT/proc/sys/vm/drop_caches"
  sum=$(sha256sum <"$ROOT/run/slot/root.squashfs") && grep -q "\"${sum%% *}\"" "$ROOT/run/slot/release.json"
}

# give_up_slot: without its sums, GRUB takes it for damaged. Not when that would leave nothing to start: it may go well once more.
give_up_slot() {
  other=A
  [ "$slot" != A ] || other=B
  if ! other_verifies; then
    say "the root of slot $slot is damaged, and so is slot $other: going on"
    return
  fi
  mark_damaged || say "cannot mark slot $slot as damaged"
  die "the root of slot $slot is damaged: slot $other is started from now on"
}

mark_damaged() {
  mount -o remount,rw "$ROOT/run/slot" || return
  true >"$ROOT/run/slot/sha256sums" || return
  mount -o remount,ro "$ROOT/run/slot"
}

# As GRUB looks at it.
other_verifies() {
  read_boot_disk
  device=$(named_partition "$boot_disk" "KSOLO$other") || return
  folder=$STATE/other-slot
  mkdir -p "$folder"
  mount -t ext4 -o ro "$device" "$folder" || return
  [ -s "$folder/sha256sums" ] && (cd "$folder" && sha256sum -c sha256sums >/dev/null 2>&1)
  verifies=$?
  umount "$folder"
  return "$verifies"
}
