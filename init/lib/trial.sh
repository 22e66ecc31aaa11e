# A slot on trial: what hangs before the services run is ended by the watchdog, and so costs a try.

. "$LIB/watchdog.sh"

# arm_watchdog: starts it and leaves it alone: who comes to the end of the stages takes it over (services/watchdog), or else it
# resets the machine.
arm_watchdog() {
  load_watchdog || return 0
  watchdog -F -T 180 -t 3600 "$ROOT/dev/watchdog" &
  sleep 1
  # Asked to end, it would stop the watchdog. The kernel need not complain.
  read -r level _ <"$ROOT/proc/sys/kernel/printk"
  dmesg -n 1
  kill -KILL $! 2>/dev/null
  sleep 0.1
  dmesg -n "$level"
}

# prepare_for_system: when another system than this one wrote the data last, the agent keeps a copy of what it left, or brings
# back what this one left.
prepare_for_system() {
  slot=$(cmdline kubesolo.slot)
  is_mounted /etc/kubesolo && return
  # No update was ever activated here.
  [ -n "$slot" ] && [ -e "$ROOT/data/update/writer.json" ] || return 0
  grep -q "^{\"slot\":\"$slot\",\"version\":\"$(cmdline kubesolo.version)\"," "$ROOT/data/update/writer.json" && return
  agent trial prepare || say "cannot look after the cluster's state; going on with what is there"
}
