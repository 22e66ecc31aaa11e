# The partition table of the boot disk, a GPT. Its sectors have 512 bytes; everything starts and ends on a MiB, and the
# last MiB is left to the table's copy.

# Growing by less isn't worth it.
LEAST_SECTORS=$((64 * 2048))

# adopt_disk DISK PARTITION: makes a copy of the image a disk of its own: gives it ids that no other disk has, and
# PARTITION all the room behind it. The power may go after any of its commands: the next boot goes on from there, and
# writes a damaged table anew.
adopt_disk() {
  size=$(grown_size "$1" "$2")
  ids=kept
  has_factory_ids "$1" && ids=new
  [ -n "$size" ] || [ "$ids" = new ] || is_torn "$1" || return 0
  # The kernel makes its first random numbers for those who wait; sfdisk would only look, for a second for each id.
  [ "$ids" = kept ] || head -c 1 "$ROOT/dev/random" >/dev/null 2>&1
  # First the table's copy to the end of the disk, where everyone looks for it when the table itself is damaged.
  if { [ -z "$size" ] || write_table --relocate gpt-bak-std "/dev/$1"; } &&
    table=$(sfdisk --dump "/dev/$1" 2>"$STATE/sfdisk.log") &&
    echo "$table" | new_table "$ids" "$2" "$size" | write_table "/dev/$1"; then
    # Held open, the partition is resized. partx would remove it and all others that are free and add them anew, and the
    # kernel knows none by its name then, until the next boot: no update, no configuration on the boot partition.
    [ -z "$size" ] || partx --update --nr "$(number_of "$2")" "/dev/$1" <"$ROOT/dev/$2"
  else
    say "cannot change the partition table of $1, going on with it as it is: $(tail -n 1 "$STATE/sfdisk.log")"
  fi
}

# is_torn DISK: whether its table or the table's copy is damaged. The kernel complains without naming the disk: sfdisk is
# asked about this one.
is_torn() {
  dmesg | grep -q "GPT is invalid, using" || return
  sfdisk --dump "/dev/$1" 2>&1 >/dev/null | grep -q "GPT table is corrupt" || return
  say "the partition table of $1 was torn; writing it anew from its copy"
}

# new_table kept|new PARTITION [SECTORS]: turns sfdisk's dump into a script for the new table; sfdisk makes up the ids
# that it isn't given. Pure.
new_table() {
  edits="/^last-lba:/d"
  [ "$1" = kept ] || edits="$edits;/^label-id:/d;s/, uuid=[^,]*//"
  [ -z "$3" ] || edits="$edits;s|^\(/dev/$2 :.*, size= *\)[0-9]*|\1$3|"
  sed -e "$edits"
}

# has_factory_ids DISK: whether GRUB found the slot by an id that every copy of the image has, and it may be changed.
has_factory_ids() {
  # The operator may know the partition by the one that it has.
  case $(cmdline kubesolo.data) in PARTUUID=*) return 1 ;; esac
  root=$(cmdline kubesolo.root)
  grep -qixF "${root#PARTUUID=}" "$ROOT/usr/lib/kubesolo-os/factory-ids" 2>/dev/null || return 1
  # With two copies of one image in the machine, GRUB may have started from the other disk. New ids for this one would
  # have the next boot take that one's slot, and look for its data there.
  is_only_disk "$1" || [ "$(devices_with "$root" | wc -l)" -eq 1 ]
}

# is_only_disk DISK: whether no other disk has partitions.
is_only_disk() {
  for each in "$ROOT"/sys/class/block/*/*/partition; do
    each=${each%/*/partition}
    [ "${each##*/}" = "$1" ] || return
  done
}

# grown_size DISK PARTITION: prints the sectors that the partition should have, if that is worth it.
grown_size() {
  read -r start <"$ROOT/sys/class/block/$2/start"
  read -r sectors <"$ROOT/sys/class/block/$2/size"
  [ $((start + sectors)) -ge "$(end_of_partitions "$1")" ] || return 0
  room=$(($(end_of_room "$1") - start))
  [ $((room - sectors)) -lt "$LEAST_SECTORS" ] || echo "$room"
}

# add_data_partition DISK: makes a partition in the room at the end, called KSOLONEW until it has a file system.
add_data_partition() {
  [ "$(blkid -p -o value -s PTTYPE "/dev/$1" 2>/dev/null)" = gpt ] || return 1
  end=$(end_of_partitions "$1")
  start=$(((end + 2047) / 2048 * 2048))
  sectors=$(($(end_of_room "$1") - start))
  [ "$sectors" -ge "$LEAST_SECTORS" ] || return 1
  say "there is no data partition; making one in the free room of $1"
  if write_table --relocate gpt-bak-std "/dev/$1" &&
    echo "start=$start, size=$sectors, type=linux, name=KSOLONEW" | write_table --append "/dev/$1"; then
    # Only this one: see adopt_disk.
    partx --add --nr -1 "/dev/$1"
  else
    say "cannot add a partition to $1: $(tail -n 1 "$STATE/sfdisk.log")"
    return 1
  fi
}

# name_partition DEVICE NAME: gives it this name, if it has another.
name_partition() {
  [ "$(blkid -p -o value -s PART_ENTRY_NAME "$1" 2>/dev/null)" = "$2" ] && return
  write_table --part-label "/dev/$(disk_of "$1")" "$(number_of "${1##*/}")" "$2" && return
  say "cannot name the partition $1: $(tail -n 1 "$STATE/sfdisk.log")"
  return 1
}

# write_table ARGUMENT…: runs sfdisk on a disk in use. The kernel couldn't read the whole table anew: it is told of
# what changed by partx.
write_table() {
  sfdisk --quiet --no-reread --no-tell-kernel --wipe never --wipe-partitions never "$@" >"$STATE/sfdisk.log" 2>&1
}

# end_of_room DISK: prints the sector before which the last partition must end.
end_of_room() {
  read -r disk_sectors <"$ROOT/sys/class/block/$1/size"
  echo $(((disk_sectors / 2048 - 1) * 2048))
}

# end_of_partitions DISK: prints the first sector behind the last partition.
end_of_partitions() {
  last=0
  for folder in "$ROOT/sys/class/block/$1"/*/; do
    [ -e "$folder/partition" ] || continue
    read -r start <"$folder/start"
    read -r sectors <"$folder/size"
    [ $((start + sectors)) -le "$last" ] || last=$((start + sectors))
  done
  echo "$last"
}

# number_of PARTITION: 5 for vda5.
number_of() {
  cat "$ROOT/sys/class/block/$1/partition"
}
