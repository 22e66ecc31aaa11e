// The bundles, run as the runtime does: one after the other, each when it is asked for.
import { runInNewContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { type Bundle, makeAgentBundles } from "./agent-bundles.ts";

let bundles: Record<string, Bundle>;

beforeAll(async () => {
  bundles = await makeAgentBundles();
});

function textOf(name: string): string {
  return bundles[name]?.text ?? "";
}

const USER_DATA = "/user-data";

/** Runs the agent with a Host that only prints and reads one text; tells which bundles it asked for. */
function run(
  args: readonly string[],
  text = "#cloud-config\nhostname: [a]\n",
): { code: number; asked: string[]; printed: string } {
  const asked: string[] = [];
  const printed: string[] = [];
  const global: Record<string, unknown> = {
    host: {
      print: (_stream: string, text: string) => printed.push(text),
      stat: (path: string) => (path === USER_DATA ? { kind: "file", sizeBytes: text.length } : undefined),
      readBytes: () => new TextEncoder().encode(text),
      decodeUtf8: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
    },
    args,
    late: (name: string) => {
      asked.push(name);
      if (global[name] === undefined) runInNewContext(textOf(name), global);
      return global[name];
    },
  };
  const code: unknown = runInNewContext(`${textOf("agent")}; agent.main(host, args, "1")`, global);
  return { code: Number(code), asked, printed: printed.join("\n") };
}

test("a command that reads no configuration does without the others", () => {
  expect(run(["version"])).toEqual({ code: 0, asked: [], printed: "kubesolo-os-agent 1" });
});

test("one that does has the second", () => {
  const { code, asked, printed } = run(["config", "check", USER_DATA]);
  expect([code, asked]).toEqual([1, ["configuration"]]);
  expect(printed).toContain("hostname: must be a host name such as node-1, not a list");
});

test("a network in it has the third", () => {
  const { code, asked, printed } = run(
    ["config", "check", USER_DATA],
    "#cloud-config\nnetwork: {version: 3}\n",
  );
  expect([code, asked]).toEqual([1, ["configuration", "network"]]);
  expect(printed).toContain("network.version: there is no version 3");
});

test("none says where the sources lie", () => {
  const lines = Object.values(bundles).flatMap(({ text }) => text.split("\n"));
  expect(lines.filter((line) => line.includes("// ../"))).toEqual([]);
});

test("the first is the smaller by far", () => {
  expect(textOf("agent").length).toBeLessThan(textOf("configuration").length / 2);
});

test("it reads manifests, too, with all of YAML's usual schema", () => {
  const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: &it\n  name: a\ndata: *it\n";
  const call = `configuration.parseManifest(${JSON.stringify(manifest)})`;
  const found: unknown = runInNewContext(`${textOf("configuration")}; JSON.stringify(${call})`, {});
  expect(JSON.parse(String(found))).toEqual({
    objects: [{ apiVersion: "v1", kind: "ConfigMap", name: "a" }],
    problems: [],
  });
});

test("tells the npm packages that are in it", () => {
  expect(bundles["configuration"]?.npmFolders).toEqual(["node_modules/valibot", "node_modules/yaml"]);
});

test("what tells of updates is in their bundle alone", () => {
  const having = Object.keys(bundles).filter((name) => textOf(name).includes("SystemUpdate"));
  expect(having).toEqual(["update"]);
});
