# Stand-ins for everything that would change the machine the test runs on: each writes down how it was called.
# Functions, never files: ash prefers its own commands to files on PATH.

record() {
  echo "$*" | sed "s|$ROOT||g" >>"$ROOT/calls"
}

mount() {
  record mount "$@"
  case " $FAILING " in *" mount "*) return 1 ;; esac
  for target in "$@"; do :; done
  echo "x ${target#"$ROOT"} x" >>"$ROOT/proc/mounts"
}
e2fsck() {
  record e2fsck "$@"
  echo "$FSCK_SAYS"
  return "${FSCK_CODE:-0}"
}
umount() { record umount "$@"; }
modprobe() {
  record modprobe "$@"
  case " $FAILING " in *" modprobe "*) return 1 ;; esac
}
ip() {
  record ip "$@"
  case $* in
    *"addr show"*) printf '%s' "$IP_SAYS" ;;
  esac
}
df() { printf 'Filesystem 1M-blocks Used Available Use%% Mounted on\n%s\n' "/dev/vda5 3000 40 2900 2% /data"; }
kubesolo() {
  record kubesolo "$@"
  echo "$ENGINE_SAYS"
  case " $FAILING " in *" kubesolo "*) return 1 ;; esac
}
udhcpc() {
  record udhcpc "$@"
  case " $FAILING " in *" udhcpc "*) return 1 ;; esac
}
sysctl() { record sysctl "$@"; }
hostname() { record hostname "$@"; }
sync() { record sync; }
sleep() { record sleep "$@"; }
date() {
  case $1 in
    +%s) echo "$NOW" ;;
    *) record date "$@" ;;
  esac
}
reboot() {
  record reboot "$@"
  exit 1
}
# A second passes at every look.
uptime_seconds() {
  seconds=$(cat "$ROOT/uptime" 2>/dev/null || echo 0)
  echo $((seconds + 1)) >"$ROOT/uptime"
  echo "$seconds"
}
