// The cluster's state and the system that wrote it last. A new system starts from what the old one left at rest, and the old one,
// when it comes back, from the same: so "back" means back to the cluster that it left. Volumes' contents and images aren't
// touched. Runs before anything of the data partition is in use.
import * as v from "valibot";
import { DATA } from "../../release/data-places.ts";
import { compareVersions, isVersion } from "../../release/version.ts";
import { listIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { runOrFail } from "./failure.ts";
import { keepNewest } from "./newest.ts";

const Writer = v.object({
  slot: v.picklist(["A", "B"]),
  version: v.string(),
  /** Of Kubernetes, such as "v1.37.2". */
  kubernetes: v.pipe(
    v.string(),
    v.check((text) => isVersion(text.slice(1))),
  ),
  /** It wasn't on trial, or has shown that it is healthy. */
  isConfirmed: v.boolean(),
  /** What it left was kept, and what is there may be partly another system's. */
  isKept: v.optional(v.boolean()),
});

export type Writer = v.InferOutput<typeof Writer>;

export type DataMove =
  | { readonly do: "nothing" | "adopt" }
  /** Keeps what the writer left, under its name. */
  | { readonly do: "snapshot"; readonly name: string }
  /** `keeps`: first, what the writer left, under its name. */
  | { readonly do: "restore"; readonly name: string; readonly keeps?: string };

/** A snapshot's name: of the system that left what is in it. */
export function snapshotName({ slot, version }: Pick<Writer, "slot" | "version">): string {
  return `${slot}-${version}`;
}

/** What a boot does with the data before its engine starts. Pure. */
export function decideData(self: Writer, writer: Writer | undefined, snapshots: readonly string[]): DataMove {
  if (writer === undefined) return { do: "adopt" };
  const own = snapshotName(self);
  const writers = snapshotName(writer);
  const hasOwn = snapshots.includes(own);
  if (writers === own) return writer.isKept && hasOwn ? { do: "restore", name: own } : { do: "nothing" };
  // What was never confirmed is nothing to go back to.
  const isWorthKeeping = writer.isConfirmed && !writer.isKept;
  const isOlder = compareVersions(self.kubernetes.slice(1), writer.kubernetes.slice(1)) < 0;
  if (hasOwn && (isOlder || !writer.isConfirmed))
    return { do: "restore", name: own, ...(isWorthKeeping && { keeps: writers }) };
  return isWorthKeeping ? { do: "snapshot", name: writers } : { do: "adopt" };
}

const FOLDER = `${DATA}/update/snapshots`;
const WRITER = `${DATA}/update/writer.json`;
const ASIDE = `${DATA}/update/replaced`;

/** Of the data partition: the database, the certificates, the configuration. */
const PARTS = [
  { from: `${DATA}/kubesolo/kine`, name: "kine" },
  { from: `${DATA}/kubesolo/pki`, name: "pki" },
  { from: `${DATA}/etc-kubesolo`, name: "etc-kubesolo" },
] as const;

/** So many are kept: of the system before, and the one before that. */
const KEPT = 2;
const COPY_MS = 600_000;

export function prepareData(host: Host, self: Writer): DataMove {
  const names = listIfThere(host, FOLDER).filter((name) => !name.endsWith(".new"));
  const writer = readWriter(host);
  const move = decideData(self, writer, names);
  if (move.do === "snapshot") takeSnapshot(host, move.name, names);
  if (move.do === "restore" && move.keeps !== undefined) {
    takeSnapshot(host, move.keeps, names, move.name);
    // Once: what is interrupted from now on may have left a part of the other's.
    if (writer !== undefined) writeWriter(host, { ...writer, isKept: true });
  }
  if (move.do === "restore") restore(host, move.name);
  // Last of all: until then, a boot that is interrupted does all of it again.
  if (move.do !== "nothing") writeWriter(host, self);
  return move;
}

/** Before another system is started: the one that runs, and counts, has written what is there. */
export function nameWriter(host: Host, self: Writer): void {
  if (!isNamed(readWriter(host), self)) writeWriter(host, self);
}

/** Whether all of what is there is noted as that of this system, which counts. Pure. */
export function isNamed(writer: Writer | undefined, self: Writer): boolean {
  if (writer === undefined || !writer.isConfirmed || writer.isKept) return false;
  return snapshotName(writer) === snapshotName(self);
}

/** The system that runs has shown that it is healthy. */
export function confirmWriter(host: Host): void {
  const writer = readWriter(host);
  if (writer !== undefined) writeWriter(host, { ...writer, isConfirmed: true });
}

/** `needed`: another one that stays. */
function takeSnapshot(host: Host, name: string, names: readonly string[], needed?: string): void {
  const unfinished = `${FOLDER}/${name}.new`;
  host.remove(unfinished);
  host.makeDirectory(FOLDER, { mode: 0o700 });
  host.makeDirectory(unfinished, { mode: 0o700 });
  for (const { from, name: part } of PARTS)
    if (host.stat(from) !== undefined) copy(host, from, `${unfinished}/${part}`);
  runOrFail(host, ["sync"], COPY_MS);
  host.remove(`${FOLDER}/${name}`);
  host.rename(unfinished, `${FOLDER}/${name}`);
  const others = names.filter((each) => each !== name && each !== needed);
  keepNewest(host, FOLDER, others, KEPT - (needed === undefined ? 1 : 2));
}

/** What is replaced is kept aside, once: a restore that is interrupted is done again, and must not put its own half there. */
function restore(host: Host, name: string): void {
  for (const { from, name: part } of PARTS) {
    const saved = `${FOLDER}/${name}/${part}`;
    const done = `${ASIDE}/${part}`;
    if (host.stat(saved) === undefined) continue;
    copy(host, saved, `${from}.restored`);
    runOrFail(host, ["sync"], COPY_MS);
    if (host.stat(from) !== undefined) {
      host.remove(done);
      host.makeDirectory(ASIDE, { mode: 0o700 });
      host.rename(from, done);
    }
    host.rename(`${from}.restored`, from);
  }
}

function copy(host: Host, from: string, to: string): void {
  host.remove(to);
  runOrFail(host, ["cp", "-a", from, to], COPY_MS);
}

function readWriter(host: Host): Writer | undefined {
  return readJson(host, WRITER, 65_536, Writer);
}

function writeWriter(host: Host, writer: Writer): void {
  host.writeFile(WRITER, `${JSON.stringify(writer)}\n`, { mode: 0o600 });
}
