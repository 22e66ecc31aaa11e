// The words of the kernel command line that are ours, for those who write, read and explain them. Pure. Init takes them by an
// allow-list of its own (init/lib/words.sh), and docs/boot.md has them as a table: tests hold both to this one.

export interface KernelWord {
  /** It may stand alone. */
  readonly isFlag?: boolean;
  /** What may follow its "=": one of these, or anything, with what documents call it, if they do. */
  readonly value?: readonly string[] | string;
  /** Who goes by it. */
  readonly readers: readonly ("init" | "agent")[];
  readonly meaning: string;
}

export const kernelWords = {
  "kubesolo.data": {
    value: "",
    readers: ["init"],
    meaning:
      "the data partition: a device, `LABEL=`, `UUID=`, `PARTUUID=` or `PARTLABEL=`; default: see below",
  },
  "kubesolo.nopersist": { isFlag: true, readers: ["init"], meaning: "keep all state in memory" },
  "kubesolo.toram": {
    isFlag: true,
    readers: ["init"],
    meaning:
      "copy the root to memory and let go of the medium; needs its size and 300 MiB, else it is read from the medium",
  },
  "kubesolo.zram": {
    isFlag: true,
    value: "PERCENT",
    readers: ["init"],
    meaning: "swap in compressed memory, of half or that share of the memory",
  },
  ip: {
    value: "",
    readers: ["init", "agent"],
    meaning: "the network, in the kernel's own syntax; as often as there are links",
  },
  "kubesolo.network_limit": {
    value: "SECONDS",
    readers: ["agent"],
    meaning:
      "how long a new network configuration may reach nobody; 0: for ever; else the configuration's limit, or 120: [node-network.md](node-network.md)",
  },
  "kubesolo.flags": {
    value: '"…"',
    readers: ["init"],
    meaning: "flags for the engine, after those of the node's configuration",
  },
  "kubesolo.cloudinit": {
    value: "",
    readers: ["init", "agent"],
    meaning: "where the node's configuration is, and nowhere else: see below",
  },
  "kubesolo.reset": {
    isFlag: true,
    value: ["keep-identity"],
    readers: ["init"],
    meaning: "forget all state: see below",
  },
  "kubesolo.install": {
    isFlag: true,
    readers: ["init"],
    meaning: "from the ISO: asks on the console which disk to install on: [installing.md](installing.md)",
  },
  "kubesolo.debug": { isFlag: true, readers: ["init"], meaning: "the engine's `--debug`" },
  "kubesolo.shell": { isFlag: true, readers: ["init"], meaning: "a shell on the console when a stage fails" },
  "kubesolo.rescue": {
    isFlag: true,
    readers: ["init"],
    meaning: "a shell on the console before anything else is done; leaving it restarts the machine",
  },
  "kubesolo.fault": {
    value: "POINT:EFFECT",
    readers: ["init", "agent"],
    meaning: "fail there: only in an image of `build --faults`, for tests: [testing.md](testing.md)",
  },
  quiet: { isFlag: true, readers: ["init"], meaning: "no line per stage" },
  "kubesolo.root": { value: "", readers: ["init"], meaning: "set by GRUB: where the root is" },
  "kubesolo.slot": { value: ["A", "B"], readers: ["init", "agent"], meaning: "set by GRUB: the slot" },
  "kubesolo.generation": {
    value: "NUMBER",
    readers: ["agent"],
    meaning: "set by GRUB: which state of the boot it went by: [updates.md](updates.md)",
  },
  "kubesolo.trial": {
    isFlag: true,
    readers: ["init", "agent"],
    meaning: "set by GRUB: the slot is on trial",
  },
  "kubesolo.reason": {
    value: ["state-lost", "slot-damaged", "tries-exhausted", "chosen"],
    readers: ["init", "agent"],
    meaning: "set by GRUB: why it isn't the slot that was meant",
  },
  "kubesolo.verity": {
    value: "",
    readers: ["init"],
    meaning: "set by GRUB from the slot: the root's size, hash and salt",
  },
  "kubesolo.version": { value: "", readers: ["init"], meaning: "set by GRUB from the slot, for the status" },
  "kubesolo.esp": {
    value: ["empty"],
    readers: ["init", "agent"],
    meaning: "set by GRUB when the boot partition has no folder `kubesolo`: the system needn't look there",
  },
} as const satisfies Readonly<Record<string, KernelWord>>;

export type KernelWordName = keyof typeof kernelWords;

/** What follows "NAME=" in the last word that begins so, as everywhere on a command line; init keeps a word a line. */
export function wordValue(words: readonly string[], name: KernelWordName): string | undefined {
  return words
    .filter((word) => word.startsWith(`${name}=`))
    .at(-1)
    ?.slice(name.length + 1);
}

/** As it may be written: "quiet", "kubesolo.zram=PERCENT". */
export function wordForms(name: KernelWordName): string[] {
  const { isFlag, value }: KernelWord = kernelWords[name];
  const values = value === undefined ? [] : typeof value === "string" ? [value] : value;
  return [...(isFlag ? [name] : []), ...values.map((each) => `${name}=${each}`)];
}
