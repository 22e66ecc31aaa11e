// Takes one part of a support bundle off the machine. What can't be had is told in the part's place and costs nothing else.
import type { SupportPart } from "../../release/support-bundle.ts";
import { isHostFailure, listIfThere } from "../expected.ts";
import type { Host, RunResult } from "../host.ts";
import { runKubectl } from "../kubectl.ts";
import { type Piece, pieceBytes, pieces } from "./parts.ts";

export interface Taken {
  /** Not masked yet. */
  readonly text: string;
  /** Why it isn't whole. */
  readonly problem?: string;
}

/** The API server, which isn't asked again when it didn't answer once. */
export interface Cluster {
  readonly ask: (args: readonly string[]) => Taken;
}

const TIMEOUT_MS = 20_000;
/** A small machine that is busy takes its time to start kubectl. */
const KUBECTL_MS = 90_000;
const USUAL_BYTES = 131_072;

export function takePart(host: Host, name: SupportPart, cluster: Cluster): Taken {
  const maxBytes = pieceBytes[name] ?? USUAL_BYTES;
  const taken = pieces[name].map((piece) => takePiece(host, piece, maxBytes, cluster));
  const problems = taken.flatMap(({ problem = [] }) => problem);
  return {
    text: taken.map(({ text }) => text).join(""),
    ...(problems.length === 0 ? {} : { problem: problems.join("; ") }),
  };
}

export function askCluster(host: Host): Cluster {
  let isSilent = false;
  return {
    ask: (args) => {
      if (isSilent) return { text: "", problem: "the API server didn't answer" };
      const taken = told(["kubectl", ...args], USUAL_BYTES, () =>
        runKubectl(host, [...args, "--request-timeout=20s"], {
          timeoutMs: KUBECTL_MS,
          maxOutputBytes: USUAL_BYTES,
        }),
      );
      isSilent = taken.problem !== undefined;
      return taken;
    },
  };
}

function takePiece(host: Host, piece: Piece, maxBytes: number, cluster: Cluster): Taken {
  if ("kubectl" in piece) return cluster.ask(piece.kubectl);
  if ("run" in piece) return takeOutput(host, piece.run, maxBytes);
  if ("file" in piece) return takeFiles(host, piece.file, maxBytes);
  return unlessRefused("", () => ({ text: piece.make(host) }));
}

function takeOutput(host: Host, args: readonly string[], maxBytes: number): Taken {
  return told(args, maxBytes, () => host.run(args, { timeoutMs: TIMEOUT_MS, maxOutputBytes: maxBytes }));
}

function told(args: readonly string[], maxBytes: number, work: () => RunResult): Taken {
  const line = args.join(" ");
  return unlessRefused(line, () => {
    const { exitCode, isTimedOut, stdout, stderr } = work();
    const text = `# ${line}\n${ended(wholeLines(stdout, maxBytes))}${ended(stderr)}`;
    if (isTimedOut) return { text, problem: `${line}: it took too long` };
    // Of what isn't well, some programs tell by their exit code, too.
    return exitCode === 0 || stdout !== "" ? { text } : { text, problem: `${line}: exit code ${exitCode}` };
  });
}

function takeFiles(host: Host, pattern: string, maxBytes: number): Taken {
  const taken = namesOf(host, pattern).map((path) =>
    unlessRefused(path, () => ({ text: `# ${path}\n${ended(readEnd(host, path, maxBytes))}` })),
  );
  const problems = taken.flatMap(({ problem = [] }) => problem);
  return {
    text: taken.map(({ text }) => text).join(""),
    ...(problems.length === 0 ? {} : { problem: problems.join("; ") }),
  };
}

/** Files that are there. What people can write to may hold a link to a key, or a pipe that nobody writes into. */
function namesOf(host: Host, pattern: string): string[] {
  const folder = pattern.slice(0, pattern.lastIndexOf("/"));
  const name = pattern.slice(folder.length + 1);
  const names = name.endsWith("*")
    ? listIfThere(host, folder).filter((each) => each.startsWith(name.slice(0, -1)))
    : [name];
  return names
    .map((each) => `${folder}/${each}`)
    .filter((path) => {
      const kind = host.stat(path)?.kind;
      return kind === "file" || (kind === "symlink" && !/^\/(?:var|data)\//.test(path));
    });
}

function readEnd(host: Host, path: string, maxBytes: number): string {
  try {
    return host.readText(path, maxBytes);
  } catch (error) {
    // Of a program's output, what is no UTF-8 is replaced.
    if (!isHostFailure(error, "EFBIG") && !isHostFailure(error, "EILSEQ")) throw error;
    const args = ["tail", "-c", String(maxBytes), path];
    return wholeLines(host.run(args, { timeoutMs: TIMEOUT_MS, maxOutputBytes: maxBytes }).stdout, maxBytes);
  }
}

/** Without what a line's end is left of, which may be half a secret: no mask would know it. */
export function wholeLines(text: string, maxBytes: number): string {
  // A character has three bytes at the most for each of its UTF-16 code units.
  if (text.length * 3 < maxBytes) return text;
  return text.slice(text.indexOf("\n") + 1);
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function unlessRefused(what: string, work: () => Taken): Taken {
  try {
    return work();
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    const problem = what === "" ? error.message : `${what}: ${error.message}`;
    return { text: `# ${problem}\n`, problem };
  }
}
