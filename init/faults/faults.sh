# Has a boot fail at a point of it, for tests. Only images of `build --faults` have this file.
#   reads   kubesolo.fault=POINT:EFFECT, as src/release/fault-points.ts has them

# fault_point POINT
fault_point() {
  wanted=$(cmdline kubesolo.fault)
  [ "${wanted%%:*}" = "$1" ] || return 0
  say "fault: $wanted"
  sleep 1 # a panic would lose what the console hasn't printed yet
  case ${wanted#*:} in
    # Of pid 1: then the kernel panics.
    kill) exit 137 ;;
    panic) echo c >"$ROOT/proc/sysrq-trigger" ;;
    poweroff) echo o >"$ROOT/proc/sysrq-trigger" && sleep 100000 ;;
    hang) sleep 100000 ;;
    enospc) die "$1: No space left on device" ;;
    eio) die "$1: Input/output error" ;;
    *) say "unknown effect: ${wanted#*:}" ;;
  esac
}
