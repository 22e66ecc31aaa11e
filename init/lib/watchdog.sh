# The watchdog: the hardware's, or the kernel's own without one.

# load_watchdog: has /dev/watchdog be there, or says that there is none and fails. Some show up behind a chip that was found before
# them.
load_watchdog() {
  [ -e "$ROOT/dev/watchdog" ] || load_device_modules
  has_watchdog
}

has_watchdog() {
  [ -e "$ROOT/dev/watchdog" ] || modprobe softdog
  [ -e "$ROOT/dev/watchdog" ] && return
  say "this machine has no watchdog"
  return 1
}

# Time for all that comes before the services: the cluster's database may have to be copied.
ARMED_SECONDS=180

# arm_watchdog: starts it and leaves it alone: the service takes it over, or else it resets the machine. The initramfs does so on a
# trial before anything that can hang. So its drivers are asked for by their names: looking for all devices is such a thing.
arm_watchdog() {
  modprobe -a -q wdat_wdt i6300esb sp5100_tco lpc_ich i2c_i801 iTCO_wdt 2>/dev/null
  has_watchdog || return 0
  watchdog -F -T "$ARMED_SECONDS" -t 3600 "$ROOT/dev/watchdog" &
  feeder=$!
  # Asked to end, it stops the watchdog.
  wait_for 2 is_armed || { say "the watchdog can't wait for $ARMED_SECONDS s: going on without it" && kill "$feeder" && return; }
  # The kernel need not complain of one that is left alone.
  read -r level _ <"$ROOT/proc/sys/kernel/printk"
  dmesg -n 1
  kill -KILL "$feeder" 2>/dev/null
  sleep 0.1
  dmesg -n "$level"
}

is_armed() {
  [ "$(cat "$ROOT/sys/class/watchdog/watchdog0/timeout" 2>/dev/null)" = "$ARMED_SECONDS" ]
}
