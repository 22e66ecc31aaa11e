// What a boot goes by: the blocks of its state, and the kernel's words as init leaves them.
import { parseKernelCommandLine } from "../../../agent/kernel-command-line.ts";
import { type Copy, decideBoot } from "../../../release/boot-moves.ts";
import {
  type BootState,
  formatBlock,
  isWritableBlock,
  newest,
  parseBlock,
} from "../../../release/boot-state.ts";
import { type KernelWordName, kernelWords, wordValue } from "../../../release/kernel-words.ts";
import { events, nextState } from "../../../release/run-moves.ts";
import { broken } from "../../broken.ts";
import { type FuzzTarget, refusedOr, spoilAsText } from "../fuzz-target.ts";
import { spoilBytes } from "../spoil/bytes.ts";
import { spoilText } from "../spoil/text.ts";

const other: BootState = { generation: 7, activeSlot: "A", floor: 12, reason: "confirmed" };
const whole = [
  { A: true, B: true },
  { A: true, B: false },
  { A: false, B: true },
];

export const bootStateTarget: FuzzTarget = {
  what: "a block of the state of the boot, alone and beside a whole one",
  spoil: (random, content, math) =>
    random.number(2) === 0
      ? spoilBytes(random, content)
      : math.encodeUtf8(spoilText(random, math.decodeUtf8(content))),
  open() {
    // Most come again and again; what follows from one is looked at once.
    const seen = new Set<string>();
    return ({ content }) => {
      const state = parseBlock(content);
      const isWritable = isWritableBlock(content);
      const text = `${JSON.stringify(state) ?? "lost"} ${isWritable}`;
      if (seen.size > 10_000) seen.clear();
      if (!seen.has(text)) lookAhead({ state, isWritable });
      seen.add(text);
      return text;
    };
  },
};

/** What a boot and a running system make of it. */
function lookAhead(copy: Copy): void {
  for (const verifies of whole)
    for (const beside of [
      { state: undefined, isWritable: false },
      { state: other, isWritable: true },
    ]) {
      const { slot, write } = decideBoot([copy, beside], verifies);
      if (slot === undefined || !verifies[slot]) broken("a slot that verifies starts");
      if (write !== undefined) checkWritten(write.state);
    }
  const counts = newest([copy.state, other]);
  for (const event of events)
    for (const running of ["A", "B"] as const) {
      const next = nextState(counts, running, event, 20);
      if (next !== undefined) checkWritten(next);
    }
  if (copy.state !== undefined) checkWritten(copy.state);
}

function checkWritten(state: BootState): void {
  const block = formatBlock(state);
  if (block.length !== 1024 || !isWritableBlock(block)) broken("a block is 1024 bytes that GRUB can write");
  if (JSON.stringify(parseBlock(block)) !== JSON.stringify(sorted(state)))
    broken("what is written is read again");
}

/** As parseBlock has the fields. */
function sorted({ generation, activeSlot, trial, floor, reason }: BootState): BootState {
  return { generation, activeSlot, ...(trial === undefined ? {} : { trial }), floor, reason };
}

export const kernelWordsTarget: FuzzTarget = {
  what: "words of the kernel command line, as init leaves them for the agent",
  spoil: spoilAsText(spoilText),
  open:
    (_samples, math) =>
    ({ content }) =>
      refusedOr(() => {
        const text = math.decodeUtf8(content);
        const { slot, generation, networkLimitSeconds, ...rest } = parseKernelCommandLine(text);
        for (const number of [generation, networkLimitSeconds])
          if (number !== undefined && !Number.isSafeInteger(number)) broken("a number is whole");
        const words = text.split("\n");
        const values = Object.keys(kernelWords).map(
          (name) => wordValue(words, name as KernelWordName) ?? "-",
        );
        return JSON.stringify([slot, generation, networkLimitSeconds, rest, values]);
      }),
};
