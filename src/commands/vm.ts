// `kubesolo-os vm`, which is `make dev-vm`: a machine of these sources, with its serial console at this terminal.
import { Command } from "commander";
import type { Medium } from "../up/media.ts";
import { runVm } from "../up/vm.ts";
import type { PortForward } from "../vm/machine-options.ts";
import { checkedFiles } from "./checked-files.ts";
import { parseCount } from "./count.ts";
import { addForward, parseMemory } from "./machine-values.ts";

const NOTES = `
Its disk is made anew each time, and gone afterwards; --keep keeps it in build/vm, with all data, for the next --keep. From an ISO or the
network it has an empty disk of 8 GiB besides. Several machines can run, of different media, and that of \`up\` beside them.`;

interface Options {
  readonly disk?: true;
  readonly iso?: true;
  readonly pxe?: true;
  readonly uefi?: true;
  readonly memory: number;
  readonly cpus: number;
  readonly shell?: true;
  readonly debug?: true;
  readonly config: readonly string[];
  readonly forward: readonly PortForward[];
  readonly keep: boolean;
}

export function vmCommand(): Command {
  return new Command("vm")
    .description("boot these sources in QEMU, with the serial console at this terminal; Ctrl-A X leaves")
    .option("--disk", "start from the disk image (the default)")
    .option("--iso", "start from the ISO")
    .option("--pxe", "start from the network")
    .option("--bios", "with a BIOS (the default)")
    .option("--uefi", "with UEFI")
    .option("--memory <MiB>", "of the machine", parseMemory, 1024)
    .option("--cpus <number>", "of the machine", parseCount, 2)
    .option("--shell", "kubesolo.shell: a shell when a stage fails")
    .option("--debug", "kubesolo.debug: the engine says more")
    .option(
      "--config <file>",
      "the node's configuration, as on a stick; again for meta-data, … by their names",
      (path: string, before: readonly string[] = []) => [...before, path],
      [],
    )
    .option(
      "--forward <host:guest>",
      "a port of 127.0.0.1 and one of the machine; again for more",
      addForward,
      [],
    )
    .option("--keep", "keep the disk", false)
    .addHelpText("after", NOTES)
    .action(vm);
}

async function vm(options: Options, command: Command): Promise<void> {
  const chosen = (["disk", "iso", "pxe"] as const).filter((medium) => options[medium]);
  if (chosen.length > 1) command.error("error: one of --disk, --iso and --pxe");
  if (options.uefi && command.opts()["bios"]) command.error("error: one of --bios and --uefi");
  const [medium = "disk"]: Medium[] = chosen;
  const { memory: memoryMiB, cpus, forward: forwards, keep: isKept } = options;
  const words = [...(options.shell ? ["kubesolo.shell"] : []), ...(options.debug ? ["kubesolo.debug"] : [])];
  const signal = AbortSignal.any(["SIGTERM", "SIGHUP", "SIGINT"].map(signalOf));
  await runVm(
    {
      ...{ medium, memoryMiB, cpus, forwards, isKept, words },
      firmware: options.uefi ? "uefi" : "bios",
      configuration: options.config.length === 0 ? {} : checkedFiles(options.config),
    },
    signal,
  );
}

/** Fires when the process is told to end: the machine ends first. */
function signalOf(name: string): AbortSignal {
  const controller = new AbortController();
  process.once(name, () => controller.abort());
  return controller.signal;
}
