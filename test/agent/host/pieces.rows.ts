// Pieces of files, copied as a stream.
import type { Host, HostFailure } from "../../../src/agent/host.ts";
import type { Row, World } from "./row.ts";

const letters = "0123456789abcdefghij";
const piece = { offsetBytes: 4, sizeBytes: 10 };

/** What is in the target after the copy, or after its failure, which comes first then. */
function copyLetters(had: string | undefined, options: { offsetBytes: number; sizeBytes: number }) {
  return (host: Host, { folder }: World): unknown => {
    const [path, target] = [`${folder}/source`, `${folder}/target`];
    host.writeFile(path, letters);
    if (had !== undefined) host.writeFile(target, had, { mode: 0o600 });
    try {
      host.copyPiece({ path }, target, options);
    } catch (error) {
      return [(error as HostFailure).code, host.readText(target, 100)];
    }
    return [host.readText(target, 100), host.stat(target)?.mode];
  };
}

export const pieceRows: readonly Row[] = [
  { name: "a piece of a file", call: copyLetters(undefined, piece), gives: ["456789abcd", 0o644] },
  {
    name: "all of a file",
    call: copyLetters(undefined, { offsetBytes: 0, sizeBytes: 20 }),
    gives: [letters, 0o644],
  },
  { name: "nothing of a file", call: copyLetters(undefined, { ...piece, sizeBytes: 0 }), gives: ["", 0o644] },
  { name: "a piece into an empty file", call: copyLetters("", piece), gives: ["456789abcd", 0o600] },
  {
    name: "the rest of a piece, whatever its beginning is",
    call: copyLetters("XYZ", piece),
    gives: ["XYZ789abcd", 0o600],
  },
  { name: "a piece that is there", call: copyLetters("XXXXXXXXXX", piece), gives: ["XXXXXXXXXX", 0o600] },
  {
    name: "a target that is longer than the piece is refused, and stays",
    call: copyLetters("XXXXXXXXXXX", piece),
    gives: ["EFBIG", "XXXXXXXXXXX"],
  },
  {
    name: "of a file that ends early, what it has is copied",
    call: copyLetters("X", { offsetBytes: 15, sizeBytes: 6 }),
    gives: ["ENODATA", "Xghij"],
  },
  {
    name: "so is nothing of one that ends before the piece",
    call: copyLetters(undefined, { offsetBytes: 25, sizeBytes: 6 }),
    gives: ["ENODATA", ""],
  },
  {
    name: "a missing file leaves no target",
    call: (host, { folder }) => {
      try {
        host.copyPiece({ path: `${folder}/none` }, `${folder}/target`, piece);
      } catch (error) {
        return [(error as HostFailure).code, host.list(folder)];
      }
      return "it didn't fail";
    },
    gives: ["ENOENT", []],
  },
  {
    name: "the target's folder isn't made",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/source`, letters);
      host.copyPiece({ path: `${folder}/source` }, `${folder}/none/target`, piece);
    },
    fails: "ENOENT",
  },
];
