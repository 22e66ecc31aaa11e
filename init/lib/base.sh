# What the initramfs, the stages and the services all stand on.
#   ROOT   prefix of every path: empty on the device, a folder in a test
#   STAGE  what is running now, for messages
#   LIB    where this file lies
#   BOOT_LOG   where what is said is kept, too; on trial

LIB=${LIB:-$ROOT/usr/lib/kubesolo-os/lib}
STATE=$ROOT/run/kubesolo-os
LOG=$ROOT/var/log/kubesolo.log

. "$LIB/words.sh"

# fault_point POINT: where an image for tests can be made to fail; in any other, nothing.
if [ -e "$LIB/faults.sh" ]; then . "$LIB/faults.sh"; else fault_point() { :; }; fi

say() {
  echo "init: $STAGE: $*" >&2
  note "$*"
}

# note …: in the log alone, if this boot has one of its own (last-words.sh). On the disk when it returns.
note() {
  [ -z "$BOOT_LOG" ] || { echo "init: $STAGE: $*" >>"$BOOT_LOG" && sync "$BOOT_LOG"; }
}

# mend_log: what isn't a file in the log's place goes. A pod that sees /var/log may have put it there: a pipe would have whoever
# writes to it wait for ever, and a link would have something else written to.
mend_log() {
  if [ -L "$LOG" ] || [ ! -f "$LOG" ]; then rm -rf "$LOG"; fi
}

# tell_log: what it reads goes into the log and onto the console.
tell_log() {
  mend_log
  tee -a "$LOG" >"$ROOT/dev/console"
}

# Ends the boot. Nobody may be there to press a key: the machine tries again by itself, so that a broken
# update runs out of tries. `kubesolo.shell` keeps it for an operator at the console.
die() {
  say "$*"
  show "$*"
  if has_flag kubesolo.shell; then
    load_device_modules # the keyboard may have shown up since
    say "starting a shell; leave it to reboot"
    offer_shells
  else
    offer_support "$*"
    say "rebooting in 10 s"
    show "rebooting in 10 s"
    sleep 10
  fi
  reboot -f
}

# show …: on the screen, too. What a stage says goes to the last console that the kernel was given, the serial port.
show() {
  [ ! -e "$ROOT/dev/tty1" ] || echo "init: $STAGE: $*" >>"$ROOT/dev/tty1"
}

# offer_support WHY: onto a stick that is there. The initramfs has no agent; and without the data partition, the log lies in memory.
offer_support() {
  [ -e "$LIB/support-stick.sh" ] || return 0
  . "$LIB/support-stick.sh"
  { mkdir -p "${LOG%/*}" && echo "init: $STAGE: $*" >>"$LOG"; } 2>/dev/null
  load_device_modules
  write_support
  [ ! -s "$STATE/support-status" ] || show "$(cat "$STATE/support-status")"
}

# For who stands at the machine: nothing is mounted yet but the root.
rescue() {
  load_device_modules # disks and the keyboard
  say "kubesolo.rescue: starting a shell; leave it to reboot"
  offer_shells
  reboot -f
}

# A shell on every console that the kernel prints on: the operator may sit at the screen or at the serial port.
# Returns when one of them is left.
offer_shells() {
  rm -f "$STATE/shell-left"
  # shellcheck disable=SC2013  # words
  for console in $(cat "$ROOT/sys/class/tty/console/active"); do
    # tty0 stands for the screen, but only one with a number can control a shell.
    [ "$console" = tty0 ] && console=tty1
    {
      setsid -c sh <>"$ROOT/dev/$console" >&0 2>&1
      : >"$STATE/shell-left"
    } &
  done
  until [ -e "$STATE/shell-left" ]; do sleep 1; done
}

# wait_for SECONDS COMMAND…: runs COMMAND until it succeeds; fails when the seconds are over.
wait_for() {
  limit=$(($(uptime_seconds) + $1))
  shift
  until "$@"; do
    [ "$(uptime_seconds)" -lt "$limit" ] || return 1
    sleep 0.1
  done
}

uptime_seconds() {
  read -r uptime _ </proc/uptime
  echo "${uptime%.*}"
}

# The agent; a name that a test can stand in for.
agent() {
  kubesolo-os-agent "$@"
}

# is_mounted PATH: whether something is mounted there.
is_mounted() {
  read_mounts
  was_mounted "$1"
}

# was_mounted PATH: whether something was mounted there at the last read_mounts: for a stage that asks for many.
was_mounted() {
  case $mounts in *" $1 "*) ;; *) return 1 ;; esac
}
read_mounts() {
  mounts=$(cat "$ROOT/proc/mounts" 2>/dev/null)
}

# mount_once TYPE TARGET [OPTIONS]: mounts a kernel file system unless something was mounted there already.
mount_once() {
  [ -d "$ROOT$2" ] || mkdir -p "$ROOT$2"
  was_mounted "$2" && return 0
  mount -t "$1" -o "${3:-nosuid,nodev,noexec}" "$1" "$ROOT$2" || die "cannot mount $1 on $2"
}

# Mounts the cgroup v2 tree, every controller on, with a first child for the system.
# The first child has the kernel patch its memory and network code while it runs (static keys for accounting).
# The initramfs does it first of all, when the other CPUs are idle: in QEMU 7's emulation, one that just runs that
# code panics (int3 in kfree, __alloc_pages or sk_forced_mem_schedule). The child stays, so the keys stay on.
mount_cgroups() {
  mount_once cgroup2 /sys/fs/cgroup
  for controller in cpu cpuset io memory pids; do
    echo "+$controller" >"$ROOT/sys/fs/cgroup/cgroup.subtree_control" || say "no cgroup controller: $controller"
  done
  mkdir -p "$ROOT/sys/fs/cgroup/system" || say "cannot make the system's cgroup"
}

# Loads the modules of every device that the kernel has found, in one call, as each call reads the whole index. Does nothing
# when it is called again and no other devices have shown up since.
load_device_modules() {
  aliases=$({
    # By bus and class: to look through the whole tree takes ten times as long. Some may be gone again.
    cat "$ROOT"/sys/bus/*/devices/*/modalias "$ROOT"/sys/class/*/*/modalias "$ROOT/sys/devices/system/cpu/modalias" 2>/dev/null
    # The one bus whose devices have no such file.
    for card in "$ROOT"/sys/bus/mmc/devices/*; do [ ! -e "$card" ] || echo mmc:block; done
    # What writes into UEFI's little room is loaded on purpose only (last-words.sh).
  } | grep -vx platform:efivars | sort -u)
  [ "$aliases" != "$loaded_aliases" ] || return 0
  loaded_aliases=$aliases
  set -f
  # shellcheck disable=SC2086  # every word is an alias, none a pattern for the shell
  modprobe -a -q $aliases 2>/dev/null
  set +f
}

# load_modules NAME…: loads what can't be done without, or says which of them is missing.
load_modules() {
  modprobe -a "$@" 2>/dev/null && return
  missing=
  for module in "$@"; do
    modprobe -q "$module" || missing="$missing $module"
  done
  [ -z "$missing" ] || die "missing module:$missing"
}
