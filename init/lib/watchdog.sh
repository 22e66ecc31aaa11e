# The watchdog: the hardware's, or the kernel's own without one.

# load_watchdog: has /dev/watchdog be there, or says that there is none and fails. Some show up behind a chip that was found before
# them.
load_watchdog() {
  [ -e "$ROOT/dev/watchdog" ] || load_device_modules
  [ -e "$ROOT/dev/watchdog" ] || modprobe softdog
  [ -e "$ROOT/dev/watchdog" ] && return
  say "this machine has no watchdog"
  return 1
}
