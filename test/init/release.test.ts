// What init has to write out by hand, and docs/boot.md says to people, is what src/release says.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kubernetesPlaces } from "../../src/agent/configuration/kubernetes/places.ts";
import { networkPlaces } from "../../src/agent/network/records.ts";
import { places } from "../../src/agent/places.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { dataBinds } from "../../src/release/data-places.ts";
import { initPoints } from "../../src/release/fault-points.ts";
import {
  type KernelWord,
  type KernelWordName,
  kernelWords,
  wordForms,
} from "../../src/release/kernel-words.ts";
import { ISO_LABEL, partitionNames, UNFINISHED_DATA } from "../../src/release/partitions.ts";
import { RUN, runFiles } from "../../src/release/run-files.ts";
import { runScript } from "./script.ts";

const scripts = readdirSync(sourcePath("init"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "utf8") }));
const boot = readFileSync(sourcePath("docs/boot.md"), "utf8");

/** What a pattern, or its group, finds in scripts: each once, in order. */
function found(pattern: RegExp, among = scripts): string[] {
  const all = among.flatMap(({ text }) => [...text.matchAll(pattern)].map(([match, part]) => part ?? match));
  return sorted(all);
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();

test("partitions have the names that the factory gives them", () => {
  expect(found(/\b(?:KSOLO[A-Z]+|BIOSBOOT)\b/g)).toEqual(
    sorted([...partitionNames, UNFINISHED_DATA, ISO_LABEL]),
  );
});

test("points of a fault are those that init has", () => {
  const stages = readdirSync(sourcePath("init/stages"));
  const others = found(/^\s*fault_point ([a-z-]+)$/gm);
  expect(sorted([...stages, ...others])).toEqual(sorted(Object.keys(initPoints)));
});

describe("words of the kernel command line", () => {
  const names = Object.keys(kernelWords) as KernelWordName[];
  const taken = (word: string) => {
    const { file, messages } = runScript("lib/words.sh", { cmdline: word });
    return { kept: file("run/kubesolo-os/cmdline"), messages };
  };

  test("init knows no others", () => {
    const ours = names.filter((name) => name.startsWith("kubesolo."));
    expect(found(/(?<![/\w])kubesolo\.[a-z_]+/g)).toEqual(sorted(ours));
  });

  test("GRUB writes no others", () => {
    const configs = ["grub.cfg", "grub-iso.cfg"].map((name) => ({
      name,
      text: readFileSync(sourcePath("test/golden", name), "utf8"),
    }));
    expect(names).toEqual(expect.arrayContaining(found(/kubesolo\.[a-z_]+/g, configs)));
  });

  test.each(names.flatMap(wordForms))("init takes %s", (word) => {
    expect(taken(word)).toEqual({ kept: `${word.replaceAll('"', "")}\n`, messages: [] });
  });

  const wrong = names
    .filter((name) => name.startsWith("kubesolo."))
    .flatMap((name) => {
      const { isFlag, value }: KernelWord = kernelWords[name];
      return [...(isFlag ? [] : [name]), ...(typeof value === "string" ? [] : [`${name}=other`])];
    });
  test.each(wrong)("init doesn't take %s", (word) => {
    expect(taken(word).messages).toEqual([
      expect.stringContaining(`unknown on the kernel command line: ${word}`),
    ]);
  });

  test("they have the readers that they say", () => {
    const agent = readFileSync(sourcePath("src/agent/kernel-command-line.ts"), "utf8");
    const parts = {
      init: scripts.filter(({ name }) => name !== "words.sh"),
      agent: [{ name: "agent", text: agent }],
    };
    const readers = names.map((name) => {
      const word = new RegExp(`(?<![/\\w])${name.replace(".", "\\.")}(?!\\w)`, "g");
      return [name, (["init", "agent"] as const).filter((part) => found(word, parts[part]).length > 0)];
    });
    expect(readers).toEqual(names.map((name) => [name, kernelWords[name].readers]));
  });

  test("the documents have each, with its meaning", () => {
    const rows = names.map((name) => {
      const forms = wordForms(name).map((form) => `\`${form}\``);
      return `| ${forms.join(" ")} | ${kernelWords[name].meaning} |\n`;
    });
    expect(boot).toContain(`| word | meaning |\n|---|---|\n${rows.join("")}\n`);
  });
});

describe("the data partition's folders", () => {
  test("are bound where the agent expects them", () => {
    const { calls } = runScript("stages/20-persistent-mount", {
      cmdline: "kubesolo.nopersist",
      files: { "proc/mounts": "tmpfs /data tmpfs\n" },
    });
    const binds = calls.flatMap(
      (call) =>
        /^mount --bind .*\/data\/(\S+) \S*?(\/(?:var|etc|usr)\/\S+)$/.exec(call)?.slice(1, 3).join(" ") ?? [],
    );
    expect(binds).toEqual(dataBinds.map(({ folder, seenAt }) => `${folder} ${seenAt}`));
  });

  test("are where the documents say", () => {
    const rows = dataBinds.map(({ folder, seenAt }) => `| \`${folder}\` | \`${seenAt}\` |\n`);
    expect(boot).toContain(`| on the data partition | seen at |\n|---|---|\n${rows.join("")}`);
  });
});

test("what init and the agent leave in memory has an entry in the table, and all of it is there", () => {
  const ofInit = found(/(?:\$STATE"?|\/run\/kubesolo-os)\/([\w-]+(?:\.[a-z0-9]+)*)/g);
  const ofAgent = [places, networkPlaces, kubernetesPlaces]
    .flatMap((table) => Object.values(table).flat())
    .filter((path) => path.startsWith(`${RUN}/`))
    .map((path) => path.slice(RUN.length + 1).split("/")[0] ?? "");
  const all = [...ofInit, ...ofAgent].map((name) => name.replace(/\.new$/, ""));
  expect(sorted(all)).toEqual(sorted(Object.keys(runFiles).map((name) => name.replace(".LINK.log", ""))));
});
