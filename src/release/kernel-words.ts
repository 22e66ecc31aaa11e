// The words of the kernel command line that are ours, for those who write, read and explain them. Pure. Init takes them by an
// allow-list of its own (init/lib/words.sh), which a test holds to this one.

export interface KernelWord {
  /** It may stand alone. */
  readonly isFlag?: boolean;
  /** What may follow its "=": anything, with what it is called in the documents, or one of a few texts. */
  readonly value?: string | readonly string[];
}

export const kernelWords = {
  "kubesolo.data": { value: "" },
  "kubesolo.nopersist": { isFlag: true },
  "kubesolo.toram": { isFlag: true },
  "kubesolo.zram": { isFlag: true, value: "PERCENT" },
  ip: { value: "" },
  "kubesolo.network_limit": { value: "SECONDS" },
  "kubesolo.flags": { value: '"…"' },
  "kubesolo.cloudinit": { value: "" },
  "kubesolo.reset": { isFlag: true, value: ["keep-identity"] },
  "kubesolo.debug": { isFlag: true },
  "kubesolo.shell": { isFlag: true },
  quiet: { isFlag: true },
  "kubesolo.root": { value: "" },
  "kubesolo.slot": { value: ["A", "B"] },
  "kubesolo.verity": { value: "" },
  "kubesolo.version": { value: "" },
  "kubesolo.esp": { value: ["empty"] },
} as const satisfies Readonly<Record<string, KernelWord>>;

export type KernelWordName = keyof typeof kernelWords;

/** What follows "NAME=" in the last word that begins so, as everywhere on a command line; init keeps a word a line. */
export function wordValue(words: readonly string[], name: KernelWordName): string | undefined {
  return words
    .filter((word) => word.startsWith(`${name}=`))
    .at(-1)
    ?.slice(name.length + 1);
}
