# Block devices by what is written on them; for the initramfs and the data partition.

# devices_with SPEC: prints every block device with this LABEL=, UUID=, PARTUUID= or PARTLABEL=, or the one with this
# path; fails without any. Reads the disks each time: nobody keeps a cache up to date here.
devices_with() {
  case $1 in
    /dev/*) [ -b "$ROOT$1" ] && echo "$1" ;;
    *)
      # blkid looks at the last disk first.
      found=$(blkid -c /dev/null -o device -t "$1" 2>/dev/null) || return
      case $found in *"$newline"*) echo "$found" | sort ;; *) echo "$found" ;; esac
      ;;
  esac
}

# find_device SPEC: prints the first of them.
find_device() {
  found=$(devices_with "$1") || return 1
  echo "${found%%"$newline"*}"
}

# appears SPEC: whether there is such a device, or are several: sets devices. Otherwise loads drivers for what was found
# since: a disk shows up behind its controller.
appears() {
  devices=$(devices_with "$1") && return
  load_device_modules
  devices=$(devices_with "$1")
}

# disk_of DEVICE: prints the name of the disk that a partition is on: vda for /dev/vda3; a whole disk's is its own.
disk_of() {
  folder=$(readlink -f "$ROOT/sys/class/block/${1##*/}")
  [ -e "$folder/partition" ] && folder=${folder%/*}
  echo "${folder##*/}"
}

# read_boot_disk: sets boot_disk to the name of the disk that the system was started from, or to nothing.
read_boot_disk() {
  boot_disk=
  [ ! -e "$STATE/boot-disk" ] || read -r boot_disk <"$STATE/boot-disk"
}

# has_only_our_partitions: whether there is no disk but the boot disk, and on it no partition but those that the factory made.
has_only_our_partitions() {
  for folder in "$ROOT"/sys/class/block/*; do
    [ ! -e "$folder/device" ] || [ "${folder##*/}" = "$boot_disk" ] || return
  done
  others=$(grep -LxE 'PARTNAME=(BIOSBOOT|KSOLOEFI|KSOLOA|KSOLOB|KSOLODATA)' "$ROOT/sys/class/block/$boot_disk/$boot_disk"*/uevent 2>/dev/null)
  [ -z "$others" ]
}

# device_on DISK SPEC: prints the first device on this disk that fits.
device_on() {
  for each in $(devices_with "$2"); do
    [ "$(disk_of "$each")" = "$1" ] && echo "$each" && return
  done
  return 1
}

# named_partition DISK NAME: prints the partition of this disk to which its table gives this name, as the kernel read it
# at its start: that costs no look at any disk.
named_partition() {
  found=$(grep -lx "PARTNAME=$2" "$ROOT/sys/class/block/$1/$1"*/uevent 2>/dev/null) || return
  found=${found%%"$newline"*}
  found=${found%/uevent}
  [ -e "$ROOT/dev/${found##*/}" ] && echo "/dev/${found##*/}"
}

# Whether the system was started from what keeps nothing: an ISO, or the network.
is_iso() {
  case $(cmdline kubesolo.root) in
    LABEL=KSOLOISO | initramfs) ;;
    *) return 1 ;;
  esac
}

# disks_found: prints the names of all disks there are; without any, a driver may be missing.
disks_found() {
  disks=
  for folder in "$ROOT"/sys/class/block/*; do
    # Only what has hardware below it.
    [ ! -e "$folder/device" ] || disks="$disks${disks:+ }${folder##*/}"
  done
  echo "${disks:-none}"
}
