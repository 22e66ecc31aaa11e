// GRUB's configuration on a disk, and the kernel command line that it and other loaders give. Pure.
import { partitionNumber } from "../../release/partitions.ts";
import { type Entry, textFile } from "../../tree/tree.ts";

/** Both are asked and told, whichever there is. */
export const SCREEN_AND_SERIAL = `serial --unit=0 --speed=115200
terminal_input console serial
terminal_output console serial`;

/** What every kernel is started with, whatever it is started from. With `gpt` it takes a torn partition table's copy. */
export const KERNEL_ARGS = "console=tty0 console=ttyS0,115200 panic=10 loglevel=4 gpt";

/** What a slot's own release adds to the kernel command line; lies in the slot, so that an update changes it. */
export interface ReleaseArgs {
  readonly version: string;
  /** dm-verity: number of 4096-byte data blocks, root hash and salt in hex. */
  readonly verity: { readonly dataBlocks: number; readonly rootHash: string; readonly salt: string };
}

/** The slot's boot.cfg: sets `release_args` for grub.cfg. */
export function slotBootConfig(release: ReleaseArgs): string {
  return `set release_args="${releaseArgs(release)}"\n`;
}

/** The kernel command line of a machine that gets its kernel and its root from the network. */
export function networkKernelArgs(release: ReleaseArgs): string {
  return `kubesolo.root=initramfs ${releaseArgs(release)} ${KERNEL_ARGS}`;
}

function releaseArgs({ version, verity }: ReleaseArgs): string {
  return `kubesolo.version=${version} kubesolo.verity=${verity.dataBlocks}:${verity.rootHash}:${verity.salt}`;
}

/**
 * The boot partition's grub.cfg: starts the first slot that loads.
 * Both firmwares set $root to the boot partition of the disk they started from; the slots are looked for
 * on that disk only, so a second disk with the same labels can't confuse it.
 */
export function grubConfig(): string {
  return `# Written by the image factory.
${SCREEN_AND_SERIAL}

regexp --set=1:boot_disk '^([^,]+)' "$root"

# The node's configuration may lie on this partition; here it costs nothing to look.
set esp_args=
if [ ! -d /kubesolo ]; then set esp_args=kubesolo.esp=empty; fi

function boot_slot {
  set root="$boot_disk,gpt$2"
  probe --set=slot_uuid --part-uuid "($root)"
  set release_args=
  source /boot.cfg
  if [ -z "$release_args" ]; then return 1; fi
  echo "KubeSolo OS: starting slot $1"
  if linux /vmlinuz kubesolo.slot=$1 kubesolo.root=PARTUUID=$slot_uuid $esp_args $release_args ${KERNEL_ARGS}; then
    if initrd /initramfs.img; then boot; fi
  fi
  echo "KubeSolo OS: slot $1 does not load"
}

boot_slot A ${partitionNumber("KSOLOA")}
boot_slot B ${partitionNumber("KSOLOB")}
echo "KubeSolo OS: no slot loads; trying again in 30 s"
sleep 30
reboot
`;
}

/** The files of the boot partition; `efi` is the host path of the UEFI program. */
export function bootPartitionFiles(efi: string): Entry[] {
  return [
    ["EFI/BOOT/BOOTX64.EFI", { type: "file", mode: 0o644, content: { hostPath: efi } }],
    textFile("grub/grub.cfg", grubConfig()),
  ];
}
