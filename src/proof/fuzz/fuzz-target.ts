// What is fuzzed: code that reads what comes from outside, or lay on a disk that rots.
import type { Bytes } from "../../agent/host.ts";
import { isTold } from "../../agent/update/failure.ts";
import type { Random } from "../../lib/random.ts";
import type { ByteMath } from "../box/memory-host.ts";

/** Valid files, by name: each input is one of them, spoiled. Made once, in Node (corpus.ts): the device can't sign. */
export type Samples = Readonly<Record<string, readonly Bytes[]>>;

export interface Input {
  /** Which of the samples' files it stands for. */
  readonly file: string;
  readonly content: Bytes;
}

export interface FuzzTarget {
  readonly what: string;
  readonly spoil: (random: Random, content: Bytes, math: ByteMath, file: string) => Bytes;
  /** Prepares for many; what is returned reads one input, and says in a line what came of it. A throw is a defect. */
  readonly open: (samples: Samples, math: ByteMath) => (input: Input) => string;
}

/** The same for the same random numbers. */
export function makeInput({ spoil }: FuzzTarget, samples: Samples, random: Random, math: ByteMath): Input {
  const file = random.pick(Object.keys(samples));
  return { file, content: spoil(random, random.pick(samples[file] ?? []), math, file) };
}

/** What a refusal of the agent's says; all else that is thrown is a defect. */
export function refusedOr(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (isTold(error)) return "refused";
    throw error;
  }
}

/** By text: undecodable bytes stay as they are. */
export function spoilAsText(edit: (random: Random, text: string) => string): FuzzTarget["spoil"] {
  return (random, content, math) => {
    // One in eight isn't even text.
    if (random.number(8) > 0) return math.encodeUtf8(edit(random, math.decodeUtf8(content)));
    const bytes = content.slice();
    for (let left = 1 + random.number(4); left > 0; left--)
      bytes[random.number(bytes.length)] = random.number(256);
    return bytes;
  };
}

export function first(samples: Samples, file: string): Bytes {
  const [sample] = samples[file] ?? [];
  if (sample === undefined) throw new Error(`no sample of ${file}`);
  return sample;
}
