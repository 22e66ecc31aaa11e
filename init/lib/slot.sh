# Finds the slot and mounts its root file system; a part of the initramfs.
#   reads   kubesolo.root= (an ISO has all that a slot has), kubesolo.verity=BLOCKS:ROOTHASH:SALT, kubesolo.toram
#   leaves  /newroot mounted read-only through dm-verity, the name of the slot's disk in /run/kubesolo-os/boot-disk; or dies

. "$LIB/devices.sh"
. "$LIB/root.sh"

mount_slot() {
  load_drivers
  mkdir -p "$ROOT/newroot"
  slot=$(cmdline kubesolo.root PARTLABEL=KSOLOA)
  # What a boot server sends has the root in it. That memory isn't freed before the root is unmounted, which is never.
  if [ "$slot" = initramfs ]; then
    [ -f "$ROOT/root.squashfs" ] || die "no root.squashfs in the initramfs"
    mount_root /root.squashfs
    return
  fi
  find_slot "$slot"
  mount_medium "$slot" "$device"

  root=/run/slot/root.squashfs
  [ -f "$ROOT$root" ] || die "slot $slot on $device has no root.squashfs"
  if has_flag kubesolo.toram && copy_to_memory "$root"; then
    root=/run/toram/root.squashfs
    umount "$ROOT/run/slot" || say "the medium stays in use: cannot unmount $device"
  fi
  mount_root "$root"
}

# What the root needs, and beside it the drivers of all devices: with a second CPU both take as long as one. sha256_ssse3
# comes first: dm-verity takes the fastest hash that is loaded. modprobe fails where the CPU can't run it; then the rest is
# asked for again.
load_drivers() {
  modprobe -a -q sha256_ssse3 ext4 loop dm_verity squashfs 2>/dev/null &
  loading=$!
  load_device_modules
  wait "$loading" || load_modules ext4 loop dm_verity squashfs
}

# find_slot SPEC: sets device, and notes its disk.
find_slot() {
  wait_for 30 appears "$1" || die "no slot: no disk has $1; disks found: $(disks_found)"
  device=${devices%%"$newline"*}
  disk=$(disk_of "$device")
  twins=$(for each in $devices; do disk_of "$each"; done | sort -u)
  # Nobody tells from which of them the firmware started. This happens once: a disk gets ids of its own at its first boot.
  [ "$twins" = "$disk" ] || say "several disks have $1, copies of one image: using $disk of $(echo "$twins" | tr '\n' ' ')"
  echo "$disk" >"$STATE/boot-disk"
}

# mount_medium SPEC DEVICE: mounts the slot's own file system, in which the root lies, at /run/slot.
mount_medium() {
  file_system=ext4
  if is_iso; then
    file_system=iso9660
    load_modules isofs
  fi
  mkdir -p "$ROOT/run/slot"
  mount -t "$file_system" -o ro "$2" "$ROOT/run/slot" || die "cannot mount slot $1 on $2 as $file_system"
}
