# The log's part of each boot, and the last words of a kernel that panicked: kept by UEFI among its variables, or in memory that a
# restart mostly leaves as it was. The agent looks for both in the log (src/release/boot-log.ts).

PSTORE=/sys/fs/pstore

# load_last_words: from now on, a panic is kept.
load_last_words() {
  if [ -d "$ROOT/sys/firmware/efi" ]; then
    modprobe -q efi_pstore 2>/dev/null
  else
    modprobe -q ramoops mem_name=last-words record_size=16384 2>/dev/null
  fi
}

# unload_last_words: UEFI's room is small, and what goes wrong without a panic would be written there, too.
unload_last_words() {
  modprobe -r -q efi_pstore ramoops 2>/dev/null
}

# take_last_words: prints what was kept, and clears it.
take_last_words() {
  mount_once pstore "$PSTORE"
  # UEFI's come in parts, the last part first.
  records=
  for record in "$ROOT$PSTORE"/dmesg-*; do
    [ ! -e "$record" ] || records="$record $records"
  done
  for record in $records; do
    cat "$record"
    rm -f "$record"
  done
  umount "$ROOT$PSTORE"
}

# note_boot: begins this boot's part of the log. On trial, what init says from now on is in it, too: it outlives the boot.
note_boot() {
  slot=$(cmdline kubesolo.slot)
  [ -n "$slot" ] || return 0
  mend_log
  # Where no update was ever activated, nothing was loaded.
  if has_flag kubesolo.trial || [ -e "$ROOT/data/update/writer.json" ]; then note_last_words; fi
  standing=
  ! has_flag kubesolo.trial || standing=", on trial"
  echo "init: KubeSolo OS $(cmdline kubesolo.version), slot $slot$standing" >>"$LOG"
  # A damaged root may restart the machine at any moment (whole-root.sh).
  sync "$LOG"
  ! has_flag kubesolo.trial || BOOT_LOG=$LOG
}

note_last_words() {
  load_last_words
  last_words=$(take_last_words)
  has_flag kubesolo.trial || unload_last_words
  [ -n "$last_words" ] || return 0
  say "the kernel before this one panicked; its last words are in ${LOG#"$ROOT"}"
  printf 'init: the last words of the kernel before this boot:\n%s\n' "$last_words" >>"$LOG"
}
