# Stand-ins for everything that would change the machine the test runs on: each writes down how it was called.
# Functions, never files: ash prefers its own commands to files on PATH.
#   FAILING              names of the commands that fail
#   FSCK_CODE FSCK_SAYS  how e2fsck ends
#   NOW                  the clock, in seconds since 1970
#   STATFS               what `stat -f` prints: free blocks and their size
#   PROBE_CODE           blkid's exit code when it looks at one device
#   ENGINE_SAYS ENGINE_CODE ENGINE_SECONDS   what the engine prints, how it ends, and after how long
#   /blkid               the disks, a device a line: /dev/vda5 LABEL=KSOLODATA TYPE=ext4

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
# fake COMMAND ARGUMENT…
fake() {
  record "$@"
  case " $FAILING " in *" $1 "*) return 1 ;; esac
}
umount() { fake umount "$@"; }
# Modules are missing when their name is in FAILING.
modprobe() {
  fake modprobe "$@" || return
  for module in "$@"; do
    case " $FAILING " in *" $module "*) return 1 ;; esac
  done
}
ip() {
  fake ip "$@" || return
  case $* in
    *"addr show"*) printf '%s' "$IP_SAYS" ;;
  esac
}
df() { printf 'Filesystem 1M-blocks Used Available Use%% Mounted on\n%s\n' "/dev/vda5 3000 40 2900 2% /data"; }
timeout() { fake timeout "$@"; }
# Fails as often as a line in /agent-fails is left.
agent() {
  record agent "$@"
  [ -s "$ROOT/agent-fails" ] || return 0
  sed -i 1d "$ROOT/agent-fails"
  return 1
}
udhcpc() { fake udhcpc "$@"; }
losetup() { fake losetup "$@"; }
dmsetup() { fake dmsetup "$@"; }
resize2fs() { fake resize2fs "$@"; }
partx() { fake partx "$@"; }
mkswap() { fake mkswap "$@"; }
swapon() { fake swapon "$@"; }
hwclock() { fake hwclock "$@"; }
# blkid -c /dev/null -o device -t SPEC | -c /dev/null -o value -s LABEL | -p -o value -s KEY DEVICE | -p -o export DEVICE
blkid() {
  for last in "$@"; do :; done
  touch "$ROOT/blkid"
  case $* in
    "-c /dev/null -o device -t "*) grep -E " $last( |\$)" "$ROOT/blkid" | cut -d ' ' -f 1 | grep . ;;
    "-c /dev/null -o value -s LABEL") sed -n 's|.* LABEL=\([^ ]*\).*|\1|p' "$ROOT/blkid" ;;
    "-p -o value -s "*) sed -n "s|^$last \\(.* \\)*$5=\\([^ ]*\\).*|\\2|p" "$ROOT/blkid" ;;
    *)
      sed -n "s|^$last ||p" "$ROOT/blkid" | tr ' ' '\n'
      return "${PROBE_CODE:-0}"
      ;;
  esac
}
dmesg() { cat "$ROOT/dmesg" 2>/dev/null; }
sfdisk() {
  case $1 in
    --dump)
      [ ! -e "$ROOT/table-complaint" ] || cat "$ROOT/table-complaint" >&2
      cat "$ROOT/table"
      ;;
    *)
      fake sfdisk "$@" || { echo "sfdisk: no luck" && return 1; }
      for last in "$@"; do :; done
      case $* in
        *relocate*) ;;
        *part-label*) sed -i "s|PART_ENTRY_NAME=[^ ]*|PART_ENTRY_NAME=$last|" "$ROOT/blkid" ;;
        *) sed 's/^/| /' >>"$ROOT/calls" ;;
      esac
      ;;
  esac
}
stat() {
  case $1 in
    -f) echo "${STATFS:-1000000 4096}" ;;
    *) busybox stat "$@" ;;
  esac
}
# A key is good when there is something in it.
dropbearkey() {
  fake dropbearkey "$@" || return
  for last in "$@"; do :; done
  case $1 in
    -y) [ -s "$last" ] && echo "Fingerprint: SHA256:$(cat "$last")" ;;
    *) echo new >"$last" ;;
  esac
}
dropbear() { fake dropbear "$@"; }
getty() { fake getty "$@"; }
sysctl() { fake sysctl "$@"; }
hostname() { record hostname "$@"; }
sync() { record sync "$@"; }
watchdog() { fake watchdog "$@"; }
sleep() { record sleep "$@"; }
date() {
  case $1 in
    +%s) echo "$NOW" ;;
    *) record date "$@" ;;
  esac
}
kubesolo() {
  record kubesolo "$@"
  # Before it says anything: whoever reads that looks at the time, too.
  echo "${ENGINE_SECONDS:-1}" >"$ROOT/uptime"
  echo "$ENGINE_SAYS"
  return "${ENGINE_CODE:-0}"
}
kill() { record kill "$@"; }
setsid() { record setsid "$@"; }
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
