# A support bundle for who stands at the machine with a stick; docs/support.md. What it writes and where is the agent's business.

. "$LIB/devices.sh"

# write_support: has the agent write onto each stick that was plugged in. It isn't started where there can't be any.
write_support() {
  read_boot_disk
  if has_only_our_partitions || ! blkid -c /dev/null -o value -s LABEL 2>/dev/null | grep -qix ksolohelp; then
    # Pulled out: the next one is another.
    rm -f "$STATE/support-sticks" "$STATE/support-status"
    return
  fi
  timeout -s KILL 300 kubesolo-os-agent support --stick 2>&1 | tell_log
}
