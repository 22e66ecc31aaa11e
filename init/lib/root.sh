# The root file system: one squashfs with its dm-verity tree behind it.

# What the engine and its first pods need beside the copy; with less, the root had better be read from the medium.
ROOM_KIB=$((300 * 1024))

# copy_to_memory FILE: puts the root on a tmpfs at /run/toram; says why and fails when that can't be.
copy_to_memory() {
  size=$(($(stat -c %s "$ROOT$1") / 1024 + 1024))
  free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' "$ROOT/proc/meminfo")
  if [ "$((free - size))" -lt "$ROOM_KIB" ]; then
    say "kubesolo.toram: the root takes $((size / 1024)) MiB of the $((free / 1024)) MiB free, and the engine needs" \
      "$((ROOM_KIB / 1024)): going on from the medium"
    return 1
  fi
  mkdir -p "$ROOT/run/toram"
  mount -t tmpfs -o "size=${size}k,mode=0700" tmpfs "$ROOT/run/toram" &&
    cp "$ROOT$1" "$ROOT/run/toram/root.squashfs" && return
  say "kubesolo.toram: cannot copy the root: going on from the medium"
  umount "$ROOT/run/toram"
  return 1
}

# mount_root FILE: mounts it at /newroot, or says what is wrong with it.
mount_root() {
  verity=$(cmdline kubesolo.verity)
  echo "$verity" | grep -qxE '[0-9]+:[0-9a-f]{64}:[0-9a-f]*' ||
    die "no root hash: kubesolo.verity= must be BLOCKS:ROOTHASH:SALT, not \"$verity\""
  blocks=${verity%%:*}
  salt=${verity##*:}
  hash=${verity#*:}
  hash=${hash%:*}

  # Checked here, because dm-verity would restart the machine without saying why.
  found=$(hash_of_root "$ROOT$1" "$blocks" "$salt")
  [ "$found" = "$hash" ] || die "wrong root hash: root.squashfs has $found, this release $hash"

  losetup -r /dev/loop0 "$ROOT$1" || die "cannot attach root.squashfs"
  dmsetup create --readonly --noudevsync root --table \
    "0 $((blocks * 8)) verity 1 /dev/loop0 /dev/loop0 4096 4096 $blocks $((blocks + 1)) sha256 $hash $salt 1 restart_on_corruption" ||
    die "cannot set up dm-verity"
  # devtmpfs makes the device; the names in /dev/mapper would be udev's work.
  mount -t squashfs -o ro /dev/dm-0 "$ROOT/newroot" || die "root.squashfs is no squashfs, though its root hash is right"
}

# hash_of_root FILE BLOCKS SALT: the salted hash of the tree's top block, which is the root hash (dm-verity format 1).
# The tree starts one block after the data: the block between is veritysetup's superblock.
hash_of_root() {
  {
    echo "$3" | xxd -r -p
    dd if="$1" bs=4096 skip=$(($2 + 1)) count=1 2>/dev/null
  } | sha256sum | cut -d ' ' -f 1
}
