// The agent's commands on a box one of whose files is spoiled: what is refused is refused before a byte of a slot changes, nothing is
// half applied, and what a box remembers can cost only the memory.
import type { Host } from "../../../agent/host.ts";
import { runAgent } from "../../../agent/main.ts";
import { readBooks } from "../../../agent/update/books.ts";
import { type Box, copyBox, hostOf, makeBox, put, slotFolders, stateBlocks } from "../../box/box.ts";
import type { ByteMath } from "../../box/memory-host.ts";
import { broken } from "../../broken.ts";
import { type FuzzTarget, first, type Samples, spoilAsText } from "../fuzz-target.ts";
import { spoilJson } from "../spoil/json.ts";
import { spoilTar } from "../spoil/tar.ts";
import { spoilText } from "../spoil/text.ts";

/** A box that can be updated: the same release in both slots. Names that begin with "/" are other files of it. */
export function openBox(samples: Samples, math: ByteMath): Box {
  const slot: Record<string, Uint8Array> = {};
  const more: Record<string, Uint8Array> = {};
  let keys = "";
  for (const [name, [content]] of Object.entries(samples)) {
    if (content === undefined) continue;
    if (name === "keys") keys = math.decodeUtf8(content);
    else if (name.startsWith("/")) more[name] = content;
    else slot[name] = content;
  }
  return makeBox(math, slot, keys, more);
}

export function run(box: Box, args: readonly string[]): { code: number; host: Host & { printed: string[] } } {
  const host = hostOf(box);
  return { code: runAgent(host, args, "1.0.0"), host };
}

function applying(what: string, where: string, spoil: FuzzTarget["spoil"]): FuzzTarget {
  return {
    what,
    spoil,
    open(samples, math) {
      const base = openBox(samples["box"] === undefined ? {} : unpackBox(samples, math), math);
      for (const [file, [content]] of Object.entries(samples))
        if (file !== "box" && content !== undefined) put(base, file, content);
      return ({ file, content }) => {
        const box = copyBox(base);
        put(box, file, content);
        const { code, host } = run(box, ["apply", where]);
        return `${code} ${checkApplied(base, box, code, readBooks(host).note?.step)}`;
      };
    },
  };
}

function checkApplied(before: Box, box: Box, code: number, step: string | undefined): string {
  if (code !== 0 && code !== 1) broken("apply ends with 0 or 1");
  if (!isSameBelow(before, box, slotFolders.A)) broken("the running slot stays");
  if (stateText(before) !== stateText(box)) broken("apply leaves the state of the boot");
  if (box.mounts.size > 0) broken("nothing stays mounted");
  if (code === 1 && step === undefined && !isSameBelow(before, box, slotFolders.B))
    broken("what is refused leaves the slot's bytes");
  if ((code === 0) !== (step === "written") && step !== undefined) broken("what isn't whole isn't noted so");
  const isActive = run(box, ["activate"]).code === 0;
  if (isActive !== (step === "written")) broken("only what is whole is activated");
  if (!isActive && stateText(before) !== stateText(box)) broken("a refused activation leaves the state");
  return step ?? "nothing";
}

/** Files that nobody touched are the same objects. */
function isSameBelow(before: Box, box: Box, folder: string): boolean {
  const own = ({ files }: Box) => [...files].filter(([name]) => name.startsWith(`${folder}/`));
  const [then, now] = [own(before), own(box)];
  return then.length === now.length && then.every(([name, entry]) => box.files.get(name) === entry);
}

function stateText(box: Box): string {
  return stateBlocks(box)
    .map((block) => String.fromCharCode(...block))
    .join();
}

export const applyTarget = applying(
  "a bundle, all of it, through `apply` and `activate`",
  "/bundle.tar",
  (random, content, math, file) =>
    file === "/bundle.tar" ? spoilTar(random, content) : spoilAsText(spoilJson)(random, content, math, file),
);

export const siteTarget = applying(
  "a site: channels, keys, signatures, bundles, through `apply`",
  "/srv/",
  (random, content, math, file) => {
    if (file.endsWith(".tar")) return spoilTar(random, content);
    return spoilAsText(file.endsWith(".json") ? spoilJson : spoilText)(random, content, math, file);
  },
);

/** What a box remembers. What is wrong in it may cost the memory, and no command. */
export const booksTarget: FuzzTarget = {
  what: "what a box remembers of its updates and its configuration, through the commands that read it",
  spoil: spoilAsText(spoilJson),
  open(samples, math) {
    const base = openBox(unpackBox(samples, math), math);
    const files = Object.entries(samples).filter(([file]) => file !== "box");
    for (const [file, [content]] of files) if (content !== undefined) put(base, file, content);
    return ({ file, content }) => {
      const box = copyBox(base);
      put(box, file, content);
      const codes = (commandsOf(file) ?? []).map((args) => {
        const { code } = run(box, args);
        if (code !== 0) broken(`${args.join(" ")} goes on without ${file}: ${code}`);
        return code;
      });
      return codes.join(" ");
    };
  },
};

/** Those that read the file. */
function commandsOf(file: string): readonly (readonly string[])[] | undefined {
  const byFolder: readonly [string, readonly (readonly string[])[]][] = [
    ["/data/update/writer.json", [["trial", "prepare"]]],
    ["/data/update/keys/", [["check", "/good.tar"]]],
    [
      "/data/update/",
      [["history"], ["status"], ["status", "--json"], ["trial", "watch"], ["trial", "prepare"]],
    ],
    ["/etc/kubesolo/updates.json", [["status"], ["update", "--scheduled"]]],
    ["/etc/kubesolo/probes.json", [["apply", "/good.tar"], ["activate"]]],
    ["/run/kubesolo-os/update-attempt.json", [["update", "--scheduled"]]],
    ["/run/kubesolo-os/configuration.json", [["online"], ["node"]]],
    ["/", [["boot"], ["online"], ["node"], ["status"]]],
  ];
  return byFolder.find(([folder]) => file.startsWith(folder))?.[1];
}

/** The box's own files are packed in one sample, as JSON: nothing of it is spoiled. */
export function unpackBox(samples: Samples, math: ByteMath): Samples {
  const packed = JSON.parse(math.decodeUtf8(first(samples, "box"))) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(packed).map(([name, base64]) => [name, [math.decodeBase64(base64)]]),
  );
}
