# Names of serial lines and disks that stay the same wherever they are plugged in, as udev makes them elsewhere: /dev/serial/by-id and
# /dev/disk/by-id. All is from what the kernel shows of them; what tells nothing of itself gets no name.

# name_devices: links to what is there now; those that lead nowhere any more go.
name_devices() {
  for link in "$ROOT"/dev/serial/by-id/* "$ROOT"/dev/disk/by-id/*; do
    [ ! -L "$link" ] || [ -e "$link" ] || rm -f "$link"
  done
  name_serial_lines
  name_disks
}

name_serial_lines() {
  for tty in "$ROOT"/sys/class/tty/ttyUSB* "$ROOT"/sys/class/tty/ttyACM*; do
    [ -e "$tty/device" ] || continue
    folder=$(readlink -f "$tty/device")
    port=
    [ ! -e "$folder/port_number" ] || { port=-port$(tell "$folder/port_number") && folder=${folder%/*}; }
    [ -e "$folder/bInterfaceNumber" ] || continue
    usb=${folder%/*}
    vendor=$(tell "$usb/manufacturer" "$usb/idVendor")
    model=$(tell "$usb/product" "$usb/idProduct")
    name_device serial "usb-$(joined "$vendor" "$model" "$(tell "$usb/serial")")-if$(tell "$folder/bInterfaceNumber")$port" "${tty##*/}"
  done
}

name_disks() {
  for disk in "$ROOT"/sys/class/block/sd* "$ROOT"/sys/class/block/vd* "$ROOT"/sys/class/block/nvme* \
    "$ROOT"/sys/class/block/mmcblk*; do
    # Partitions have none.
    [ -e "$disk/device" ] || continue
    name=$(disk_name "$disk")
    [ -n "$name" ] || continue
    name_device disk "$name" "${disk##*/}"
    for part in "$disk"/*/partition; do
      [ ! -e "$part" ] || name_device disk "$name-part$(tell "$part")" "$(basename "${part%/partition}")"
    done
  done
}

disk_name() { # FOLDER
  device=$(readlink -f "$1/device")
  case ${1##*/} in
    vd*) with_serial virtio "$(tell "$1/serial")" ;;
    nvme*) with_serial nvme "$(tell "$device/serial")" "$(tell "$device/model")" ;;
    mmcblk*boot* | mmcblk*rpmb) ;;
    mmcblk*) with_serial mmc "$(tell "$device/serial")" "$(tell "$device/name")" ;;
    sd*)
      usb=$(usb_above "$device")
      if [ -n "$usb" ]; then
        address=${device##*/} # HOST:CHANNEL:TARGET:LUN
        echo "usb-$(joined "$(tell "$device/vendor")" "$(tell "$device/model")" "$(tell "$usb/serial")")-${address#*:*:}"
      else
        wwid=$(tell "$device/wwid")
        case $wwid in
          naa.*) echo "wwn-0x${wwid#naa.}" ;;
          t10.ATA*) echo "ata-$(joined "${wwid#t10.ATA}")" ;;
        esac
      fi
      ;;
  esac
}

# with_serial KIND SERIAL [MODEL]: nothing without a serial number, which others of the kind hadn't either.
with_serial() {
  [ -z "$2" ] || echo "$1-$(joined "$3" "$2")"
}

# usb_above FOLDER: the USB device that it is part of.
usb_above() {
  above=$1
  while [ "$above" != "$ROOT" ] && [ -n "$above" ]; do
    [ ! -e "$above/idVendor" ] || { echo "$above" && return; }
    above=${above%/*}
  done
}

# tell FILE…: the text of the first that is there.
tell() {
  for file in "$@"; do
    [ ! -e "$file" ] || { cat "$file" && return; }
  done
}

# joined WORDS…: as udev writes them: blanks at the ends go, others are one _, and so is each letter that might do harm.
joined() {
  for words in "$@"; do
    # shellcheck disable=SC2086  # the blanks between words are what goes
    (set -f && set -- $words && IFS=_ && printf '%s\n' "$*")
  done | grep . | tr '\n' _ | sed 's/_$//' | tr -c 'A-Za-z0-9#+.:=@_-' _
}

name_device() { # serial|disk NAME DEVICE
  mkdir -p "$ROOT/dev/$1/by-id"
  ln -sfn "../../$3" "$ROOT/dev/$1/by-id/$2"
}
