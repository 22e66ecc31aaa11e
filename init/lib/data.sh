# The data partition: which one it is, and what it needs before and after it is mounted.

LEFT="it stays as it is; empty it or name another one with kubesolo.data="

# find_data: prints the device. The boot disk's own comes first, even if another disk has a partition of that name. When no
# disk has one, it is made on the boot disk.
find_data() {
  named=$(cmdline kubesolo.data)
  if [ -n "$named" ]; then
    wait_for 30 appears "$named" && echo "${devices%%"$newline"*}"
    return
  fi
  read_boot_disk
  named_partition "$boot_disk" KSOLODATA && return
  device_on "$boot_disk" PARTLABEL=KSOLODATA && return
  device_on "$boot_disk" PARTLABEL=KSOLONEW && return
  device_on "$boot_disk" LABEL=KSOLODATA && return
  find_device LABEL=KSOLODATA && return
  limit=5
  if ! is_iso; then
    add_data_partition "$boot_disk" && device_on "$boot_disk" PARTLABEL=KSOLONEW && return
    limit=30
  fi
  wait_for "$limit" appears LABEL=KSOLODATA && echo "${devices%%"$newline"*}"
}

# prepare_data DEVICE: makes a file system in what is empty, and leaves alone what isn't.
prepare_data() {
  disk=$(disk_of "$1")
  read_boot_disk
  [ "$disk" != "$boot_disk" ] || is_iso || adopt_disk "$disk" "${1##*/}"

  report=$(blkid -p -o export "$1" 2>/dev/null)
  # 8: signatures of several kinds, blkid(8)
  [ $? != 8 ] || die "the data partition $1 holds several kinds of file systems: $LEFT"
  report=$newline$report
  value_in "$report" TYPE
  type=$value
  value_in "$report" PTTYPE
  table=$value
  value_in "$report" PART_ENTRY_NAME
  # A partition that the operator names is never emptied for being called KSOLONEW: it may be called so by chance.
  if [ -z "$(cmdline kubesolo.data)" ] && [ "$value" = KSOLONEW ]; then
    make_data "$1"
  elif [ -z "$type$table" ]; then
    if is_empty "$1"; then make_data "$1"; else mend_superblock "$1"; fi
  elif [ "$type" != ext4 ]; then
    die "the data partition $1 holds ${type:-a partition table}, not ext4: $LEFT"
  fi
}

# is_empty DEVICE: whether nothing was ever written to it, as far as three of its MiB tell: the first, the last, and the
# one where ext4 has the first copy of its superblock.
is_empty() {
  read -r sectors <"$ROOT/sys/class/block/${1##*/}/size"
  mebibytes=$((sectors / 2048))
  for look in 0 128 $((mebibytes - 1)); do
    [ "$look" -lt "$mebibytes" ] || continue
    # A MiB that can't be read isn't empty: dd prints less, and cmp sees the difference.
    dd if="$ROOT$1" bs=1M skip="$look" count=1 2>/dev/null | cmp -s -n 1048576 - /dev/zero || return 1
  done
}

# mend_superblock DEVICE: takes the superblock from its copy, if e2fsck can do so without asking; or dies.
mend_superblock() {
  # The first copy in file systems of 128 MiB and more; smaller ones have none that e2fsck would find by itself.
  e2fsck -p -b 32768 -B 4096 "$1" >"$STATE/fsck.log" 2>&1
  case $? in
    0 | 1) say "the superblock of $1 was damaged: mended from its copy" ;;
    4) die "the data partition $1 holds an ext4 that only a person can mend: $(fsck_said)" ;;
    *) die "the data partition $1 holds something, but no file system: $LEFT" ;;
  esac
}

# What e2fsck said last, without its hint to leave out options.
fsck_said() {
  grep -v '^[[:space:]]*(i.e.' "$STATE/fsck.log" | grep . | tail -n 2 | tr '\n' ' '
}

# make_data DEVICE: makes the file system. The partition is called KSOLONEW meanwhile: if the power is cut, the next
# boot knows that what it finds is not worth keeping. One that the operator names keeps its name: it may be known by it.
make_data() {
  say "making a file system on $1"
  marked=
  [ -n "$(cmdline kubesolo.data)" ] || { name_partition "$1" KSOLONEW && marked=yes; }
  "$ROOT/usr/sbin/mke2fs" -q -F -t ext4 -m 1 -L KSOLODATA "$1" >"$STATE/mke2fs.log" 2>&1 ||
    die "cannot make a file system on $1: $(tail -n 1 "$STATE/mke2fs.log")"
  fault_point data-made
  # If it kept the name KSOLONEW, the next boot would empty it again.
  [ -z "$marked" ] || name_partition "$1" KSOLODATA || die "cannot finish the data partition $1"
}

# mount_data DEVICE: mounts it at /data and lets the file system fill it.
mount_data() {
  # 0: clean, 1: mended. Whatever else is wrong only a person can mend; mounting may succeed all the same, as ext4
  # replays its journal then.
  e2fsck -p "$1" >"$STATE/fsck.log" 2>&1
  case $? in
    0) ;;
    1) say "the file system on $1 was mended" ;;
    *) say "fsck of $1: $(fsck_said)" ;;
  esac
  mount -t ext4 -o noatime "$1" "$ROOT/data" || die "cannot mount the data partition $1 on /data"

  # Of the superblock: 2 is the number of blocks, 7 the power of two of their KiB.
  # shellcheck disable=SC2046  # words
  set -- "$1" $(dd if="$ROOT$1" bs=1024 skip=1 count=1 2>/dev/null | od -A n -t u4 -N 28)
  read -r sectors <"$ROOT/sys/class/block/${1##*/}/size"
  grown=$((sectors / 2 - ($3 << $8)))
  # While it is mounted, so that the journal keeps it whole.
  [ "$grown" -lt "$LEAST_KIB" ] || resize2fs "$1" >"$STATE/resize2fs.log" 2>&1 ||
    say "cannot grow the file system on $1: $(tail -n 1 "$STATE/resize2fs.log")"

  # shellcheck disable=SC2046  # words
  set -- "$1" $(stat -f -c '%a %S' "$ROOT/data")
  [ $(($2 * $3 / 1024)) -ge "$FULL_KIB" ] ||
    say "the data partition $1 is full: the engine may not start; free some room in /var/log or /var/lib"
}

# Growing by less isn't worth it.
LEAST_KIB=$((64 * 1024))
# With less, the engine doesn't start.
FULL_KIB=$((16 * 1024))
