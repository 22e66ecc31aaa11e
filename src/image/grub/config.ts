// GRUB's configuration on a disk, and the kernel command line that it and other loaders give. Pure.
import { type BootState, formatBlock, stateFiles } from "../../release/boot-state.ts";
import { SUMS_FILE } from "../../release/bundle.ts";
import { partitionNumber } from "../../release/partitions.ts";
import { type Entry, textFile } from "../../tree/tree.ts";
import { bootStateFunctions } from "./boot-state.ts";

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
 * Memory that a firmware mostly leaves as it was over a restart, for a panic's last words: each system reads what the one before it
 * left. init/lib/last-words.sh knows its name.
 */
const LAST_WORDS_ARGS = "reserve_mem=64K:4096:last-words";

/**
 * What a kernel on trial gets besides: what hangs in it restarts the machine, and costs a try. After a panic it doesn't wait long for
 * somebody to read it: there are three of them before the old system is back.
 */
const TRIAL_ARGS = "kubesolo.trial panic=2 softlockup_panic=1 hung_task_panic=1";

/**
 * A file at the top of the boot partition, for the owner of the machine: an environment block, of which GRUB takes one name. As a
 * script, a slip in it would keep the machine from starting.
 */
export const OWNER_FILE = "kernel-args.txt";

const OWNER_TEXT = `# GRUB Environment Block
# The line above must stay. Words of yours for the kernel command line come behind kernel_args=, in one line;
# docs/boot.md has a table of them. An example:
#   kernel_args=kubesolo.zram ip=192.168.1.5::192.168.1.1:255.255.255.0::eth0
`;

/** The file's text with these words. */
export function formatOwnerFile(words: readonly string[]): string {
  return `${OWNER_TEXT}kernel_args=${words.join(" ")}\n`;
}

/** Where nothing starts, it is tried again after these seconds, and at last the machine is restarted. */
const RESCUE_PAUSES = [30, 60, 120, 300, 600];

/** How long the keys of the menu are waited for, once somebody has asked for it. */
const MENU_SECONDS = 30;

/**
 * The boot partition's grub.cfg: starts the slot that the state of the boot names, if its files have their sums, else the
 * other one. Both firmwares set $root to the boot partition of the disk they started from; the slots are looked for on that
 * disk only, so a second disk with the same labels can't confuse it. It never waits for a person: the menu is a text whose
 * keys count for some seconds, as GRUB's own menu waits for ever after any key, be it noise on a serial line; and without
 * superusers nobody edits entries or gets GRUB's shell.
 */
export function grubConfig(): string {
  return `# Written by the image factory, and never written again.
${SCREEN_AND_SERIAL}
set superusers=
export superusers

regexp --set=1:boot_disk '^([^,]+)' "$root"
set boot_partition="$root"
set state_folder="($boot_partition)/grub"
export boot_disk boot_partition state_folder

# The node's configuration may lie on this partition; here it costs nothing to look.
set esp_args=
if [ ! -d /kubesolo ]; then set esp_args=kubesolo.esp=empty; fi
export esp_args

function find_slot {
  if [ "$1" = A ]; then set slot_partition="$boot_disk,gpt${partitionNumber("KSOLOA")}"; fi
  if [ "$1" = B ]; then set slot_partition="$boot_disk,gpt${partitionNumber("KSOLOB")}"; fi
  return 0
}

function slot_verifies {
  find_slot "$1"
  set sums="($slot_partition)/${SUMS_FILE}"
  if [ -s "$sums" ]; then
    if hashsum --hash sha256 --check "$sums" --prefix "($slot_partition)"; then return 0; fi
  fi
  echo "KubeSolo OS: slot $1 is damaged"
  return 1
}

${bootStateFunctions()}
# boot_slot SLOT [WHY [WORDS]]: returns when its kernel doesn't load.
function boot_slot {
  find_slot "$1"
  set root="$slot_partition"
  probe --set=slot_uuid --part-uuid "($root)"
  set release_args=
  source /boot.cfg
  if [ -z "$release_args" ]; then return 1; fi
  set state_args=
  if [ -n "$now_generation" ]; then set state_args="kubesolo.generation=$now_generation"; fi
  if [ "$now_situation$1" = "trial$now_active_slot" ]; then set state_args="$state_args ${TRIAL_ARGS}"; fi
  if [ -n "$2" ]; then set state_args="$state_args kubesolo.reason=$2"; fi
  set words="kubesolo.slot=$1 kubesolo.root=PARTUUID=$slot_uuid $esp_args $release_args ${KERNEL_ARGS} ${LAST_WORDS_ARGS} $state_args $3"
  set kernel_args=
  set owner_file="($boot_partition)/${OWNER_FILE}"
  if [ -s "$owner_file" ]; then
    if load_env --file "$owner_file" kernel_args; then true; else
      echo "KubeSolo OS: ${OWNER_FILE} can't be read, and is left out"
      set kernel_args=
    fi
  fi
  # An editor may have left line ends of another system.
  regexp --set=1:kernel_args '^([ -~]*)' "$kernel_args"
  echo "KubeSolo OS: starting slot $1"
  linux /vmlinuz $words $kernel_args
  if initrd /initramfs.img; then boot; fi
  echo "KubeSolo OS: slot $1 does not load"
  return 1
}

# start [WORDS]: the slot that counts; the other one when it doesn't load, though it is sound.
function start {
  choose_slot
  if [ -n "$chosen" ]; then
    set tried="$chosen"
    boot_slot "$tried" "$why" "$1"
    if [ "$tried" = A ]; then set tried=B; else set tried=A; fi
    if slot_verifies "$tried"; then boot_slot "$tried" slot-damaged "$1"; fi
  fi
}

# Once a second for as long as it takes would wear nothing out, but tell nothing either.
function rescue {
  for pause in ${RESCUE_PAUSES.join(" ")}; do
    echo "KubeSolo OS: neither slot can be started: damaged, or it does not load."
    echo "Trying again in $pause s. The data partition is untouched: look at this disk"
    echo "from another system, or write the image anew."
    sleep $pause
    start
  done
  reboot
}

# start_slot SLOT: as the person at the machine says; nothing is counted, nothing written.
function start_slot {
  choose_nothing
  if slot_verifies "$1"; then boot_slot "$1" chosen; fi
  echo "Starting as usual in 5 s."
  sleep 5
  start
  rescue
}

# Without the state, a slot isn't on trial.
function choose_nothing {
  set now_generation=
  set now_situation=lost
}

${menu()}`;
}

/** An entry is started by its key while the menu, which is never drawn, waits; the first one is started otherwise. */
const entry = (title: string, key: string | undefined, does: string, kind = "menuentry"): string =>
  `${kind} "${title}" --unrestricted${key === undefined ? "" : ` --hotkey=${key}`} { ${does} }`;

/** GRUB has names for other keys, not for this one. */
const ESCAPE = '"\u001b"';

/** The end of a menu. GRUB's own, which Escape and F4 bring up, waits for ever: they go on instead. */
const waiting = (seconds: number): string => `${entry("Start", ESCAPE, "start; rescue")}
${entry("Start", "f4", "start; rescue")}
set default=0
set timeout_style=hidden
set timeout=${seconds}`;

function menu(): string {
  const reset = `
${entry("Start", undefined, "start; rescue")}
${entry("Reset", "y", "start kubesolo.reset; rescue")}
echo "Press y within ${MENU_SECONDS} s to forget everything on this machine. Otherwise it starts as usual."
${waiting(MENU_SECONDS)}
`;
  const keys = `
${entry("Start", undefined, "start; rescue")}
${entry("Slot A", "a", "start_slot A")}
${entry("Slot B", "b", "start_slot B")}
${entry("Rescue", "s", "start kubesolo.rescue; rescue")}
${entry("Reset", "r", reset, "submenu")}
echo "KubeSolo OS. Press a key within ${MENU_SECONDS} s:"
echo "  a   start slot A"
echo "  b   start slot B"
echo "  s   rescue: a shell on this console, before anything is mounted"
echo "  r   reset: forget the cluster, its volumes, logs and the configuration"
echo "Otherwise it starts as usual."
${waiting(MENU_SECONDS)}
`;
  return `${entry("Start", undefined, "start; rescue")}
${entry("Keys", "m", keys, "submenu")}
echo "KubeSolo OS: press m for a menu"
${waiting(1)}
`;
}

/** The files of the boot partition; `efi` is the host path of the UEFI program, `sequence` the release's. */
export function bootPartitionFiles(efi: string, sequence: number): Entry[] {
  const state: BootState = { generation: 1, activeSlot: "A", floor: sequence, reason: "installed" };
  return [
    ["EFI/BOOT/BOOTX64.EFI", { type: "file", mode: 0o644, content: { hostPath: efi } }],
    textFile("grub/grub.cfg", grubConfig()),
    ...stateFiles.map((name): Entry => {
      const content = { bytes: formatBlock(state) };
      return [`grub/${name}`, { type: "file", mode: 0o644, content }];
    }),
    textFile(OWNER_FILE, formatOwnerFile([])),
  ];
}
