# Shared by the initramfs and the stages.
#   ROOT   prefix of every path: empty on the device, a folder in a test
#   STAGE  what is running now, for messages
#   LIB    where this file lies

LIB=${LIB:-$ROOT/usr/lib/kubesolo-os}
STATE=$ROOT/run/kubesolo-os

say() {
  echo "init: $STAGE: $*" >&2
}

# Ends the boot. Nobody may be there to press a key: the machine tries again by itself, so that a broken
# update runs out of tries. `kubesolo.shell` keeps it for an operator at the console.
die() {
  say "$*"
  if has_flag kubesolo.shell; then
    load_device_modules # the keyboard may have shown up since
    say "starting a shell; leave it to reboot"
    offer_shells
  else
    say "rebooting in 10 s"
    sleep 10
  fi
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

# cmdline KEY DEFAULT: the value of KEY= on the kernel command line, as 10-parse-cmdline took it.
cmdline() {
  value=$(sed -n "s/^$1=//p" "$STATE/cmdline" 2>/dev/null | tail -n 1)
  echo "${value:-$2}"
}

# has_flag KEY: whether the word KEY stands on the kernel command line.
has_flag() {
  grep -qx "$1" "$STATE/cmdline" 2>/dev/null
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
  cut -d. -f1 /proc/uptime
}

# The agent; a name that a test can stand in for.
agent() {
  kubesolo-os-agent "$@"
}

# is_mounted PATH: whether something is mounted there.
is_mounted() {
  grep -q " $1 " "$ROOT/proc/mounts" 2>/dev/null
}

# mount_once TYPE TARGET [OPTIONS]: mounts a kernel file system unless something is mounted there already.
mount_once() {
  mkdir -p "$ROOT$2"
  is_mounted "$2" && return 0
  mount -t "$1" -o "${3:-nosuid,nodev,noexec}" "$1" "$ROOT$2" || die "cannot mount $1 on $2"
}

# Mounts the cgroup v2 tree, every controller on, with a first child for the system.
# The first child has the kernel patch its memory and network code while it runs (static keys for accounting).
# The initramfs does it first of all, when the other CPUs are idle: under QEMU's emulation, one that just runs that
# code panics (int3 in kfree, __alloc_pages or sk_forced_mem_schedule). The child stays, so the keys stay on.
mount_cgroups() {
  mount_once cgroup2 /sys/fs/cgroup
  for controller in cpu cpuset io memory pids; do
    echo "+$controller" >"$ROOT/sys/fs/cgroup/cgroup.subtree_control" || say "no cgroup controller: $controller"
  done
  mkdir -p "$ROOT/sys/fs/cgroup/system" || say "cannot make the system's cgroup"
}

# Loads the modules of every device that the kernel has found; one call, as each reads the whole index anew. Again, it does
# nothing unless others have shown up since.
load_device_modules() {
  aliases=$({
    find "$ROOT/sys/devices" -name modalias -exec cat {} + 2>/dev/null # some may be gone again
    # The one bus whose devices have no such file.
    for card in "$ROOT"/sys/bus/mmc/devices/*; do [ ! -e "$card" ] || echo mmc:block; done
  } | sort -u)
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

# Takes what init knows from the kernel command line, one KEY or KEY=VALUE a line; the rest is for others.
read_cmdline() {
  mkdir -p "$STATE"
  xargs -n 1 <"$ROOT/proc/cmdline" | while read -r word; do
    case $word in
      kubesolo.root=* | kubesolo.slot=[AB] | kubesolo.verity=* | kubesolo.version=*) echo "$word" ;;
      kubesolo.data=* | kubesolo.flags=* | kubesolo.cloudinit=*) echo "$word" ;;
      kubesolo.debug | kubesolo.shell | kubesolo.nopersist | kubesolo.toram) echo "$word" ;;
      kubesolo.reset | kubesolo.reset=keep-identity) echo "$word" ;;
      kubesolo.network_limit=*) echo "$word" ;;
      kubesolo.zram | kubesolo.zram=* | ip=* | quiet) echo "$word" ;;
      kubesolo.*) say "unknown on the kernel command line: $word" ;;
    esac
  done >"$STATE/cmdline"
}
