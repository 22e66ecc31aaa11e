// Ways to spoil a file, with numbers from a seed: the same seed gives the same file.
import { type Document, isCollection, isMap, isScalar, parseDocument, type Scalar, visit } from "yaml";
import type { Random } from "../../src/lib/random.ts";
import { ODD_VALUES } from "../../src/proof/fuzz/spoil/odd-values.ts";

type Mutation = (generator: Random, content: Uint8Array) => Uint8Array;

export const mutations: Readonly<Record<"bytes" | "lines" | "values" | "nesting", Mutation>> = {
  bytes(generator, content) {
    const bytes = [...content];
    for (let left = 1 + generator.number(6); left > 0; left--) {
      const at = generator.number(bytes.length + 1);
      const byte = generator.pick([generator.number(256), ...Buffer.from("\t\n :-#&*!|>'\"%@`{}[],?<0~")]);
      bytes.splice(at, generator.number(3), ...(generator.number(3) === 0 ? [] : [byte]));
    }
    return Uint8Array.from(bytes);
  },

  lines(generator, content) {
    const lines = Buffer.from(content).toString("latin1").split("\n");
    for (let left = 1 + generator.number(3); left > 0; left--) {
      const at = 1 + generator.number(lines.length);
      const line = generator.pick(lines);
      const changed = generator.pick([
        line,
        ` ${line}`,
        `  - ${line.trim()}`,
        line.trim(),
        `${line} ${line}`,
        `\t${line}`,
      ]);
      lines.splice(at, generator.number(2), changed);
    }
    return Uint8Array.from(Buffer.from(lines.join("\n"), "latin1"));
  },

  values: (generator, content) => changeNodes(generator, content, () => generator.pick(ODD_VALUES)),

  nesting: (generator, content) =>
    changeNodes(generator, content, (value) => {
      const wraps = [
        () => [value],
        () => ({ name: value }),
        () => ({ "": [value, value] }),
        () => [[[value]]],
        () => null,
      ];
      return generator.pick(wraps)();
    }),
};

/** Changes some of the values, and writes the file anew; what can't be read as YAML has its bytes changed. */
function changeNodes(
  generator: Random,
  content: Uint8Array,
  change: (value: unknown) => unknown,
): Uint8Array {
  const { original, scalars } = parsed(content);
  if (scalars.length === 0) return mutations.bytes(generator, content);
  const document = original.clone();
  const paths = Array.from({ length: 1 + generator.number(3) }, () => generator.pick(scalars));
  for (const path of paths) {
    const parent = document.getIn(path.slice(0, -1), true) ?? document.contents;
    if (isCollection(parent)) document.setIn(path, document.createNode(change(document.getIn(path))));
  }
  return Uint8Array.from(Buffer.from(`#cloud-config\n${withoutFirstLine(document)}`));
}

interface Parsed {
  readonly original: Document;
  /** Paths of all of its values. */
  readonly scalars: (string | number)[][];
}

/** The same few files are spoiled a million times. */
const known = new Map<Uint8Array, Parsed>();

function parsed(content: Uint8Array): Parsed {
  const before = known.get(content);
  if (before !== undefined) return before;
  const text = Buffer.from(content).toString("utf8");
  const original = parseDocument(text, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  const now = { original, scalars: original.errors.length > 0 ? [] : scalarsOf(original) };
  known.set(content, now);
  return now;
}

function scalarsOf(document: Document): (string | number)[][] {
  const paths: (string | number)[][] = [];
  visit(document, {
    Scalar(key, node: Scalar, ancestors) {
      if (key === "key") return;
      const path = ancestors.flatMap((ancestor, index): (string | number)[] => {
        const next = ancestors[index + 1] ?? node;
        if (isMap(ancestor)) {
          const pair = ancestor.items.find((item) => item === next || item.value === next);
          return pair !== undefined && isScalar(pair.key) ? [String(pair.key.value)] : [];
        }
        if (isCollection(ancestor)) return [ancestor.items.indexOf(next as never)];
        return [];
      });
      if (path.length > 0 && !path.includes(-1)) paths.push(path);
    },
  });
  return paths;
}

function withoutFirstLine(document: Document): string {
  return String(document).replace(/^#.*\n/, "");
}
