# Shared by the benchmark's programs in the guest; they lie on a disk of their own, mounted on /run/bench.

BENCH=/run/bench
GROUP=/sys/fs/cgroup/bench
WORK=/run/bench-work
LOGS=$WORK/logs
PEER=/data/peer
export PATH=/usr/lib/kubesolo-os/bin:/usr/sbin:/usr/bin

# launch NAME PROGRAM ARGUMENTS…: starts a program in the cgroup whose CPU time is counted. Its log is in memory.
launch() {
  name=$1
  shift
  # shellcheck disable=SC2016  # for the inner shell
  setsid sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$GROUP" "$@" </dev/null >>"$LOGS/$name" 2>&1 &
}

# begin: an empty cgroup, and nothing in the page cache, as after power-on. Prints the time in seconds since 1970,
# and the hundredths of a second that the CPUs have been busy.
begin() {
  mkdir -p "$LOGS"
  rmdir "$GROUP" 2>/dev/null
  mkdir "$GROUP" || exit 1
  sync
  echo 3 >/proc/sys/vm/drop_caches
  echo "$(date +%s) $(busy_ticks)"
}

busy_ticks() {
  read -r _ user nice system _ _ irq softirq _ </proc/stat
  echo $((user + nice + system + irq + softirq))
}

running() { [ -n "$(cat "$GROUP/cgroup.procs")" ]; }

# terminate SECONDS NAME…: asks programs to end, and waits.
terminate() {
  limit=$(($(cut -d. -f1 /proc/uptime) + $1))
  shift
  for name in "$@"; do killall -q -TERM "$name"; done
  for name in "$@"; do
    while pidof "$name" >/dev/null && [ "$(cut -d. -f1 /proc/uptime)" -lt "$limit" ]; do sleep 0.2; done
  done
}
