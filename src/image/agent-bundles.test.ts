// The two bundles, run as the runtime does: one after the other, the second when it is asked for.
import { runInNewContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { type AgentBundles, makeAgentBundles } from "./agent-bundles.ts";

let bundles: AgentBundles;

beforeAll(async () => {
  bundles = await makeAgentBundles();
});

/** Runs the agent with a Host that only prints and reads one file; tells which bundles it asked for. */
function run(args: readonly string[]): { code: number; asked: string[]; printed: string } {
  const asked: string[] = [];
  const printed: string[] = [];
  const global: Record<string, unknown> = {
    host: {
      print: (_stream: string, text: string) => printed.push(text),
      stat: () => ({ kind: "file", sizeBytes: 30 }),
      readBytes: () => new TextEncoder().encode("#cloud-config\nhostname: [a]\n"),
      decodeUtf8: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
    },
    args,
    late: (name: keyof AgentBundles) => {
      asked.push(name);
      if (global[name] === undefined) runInNewContext(bundles[name], global);
      return global[name];
    },
  };
  const code: unknown = runInNewContext(`${bundles.agent}; agent.main(host, args, "1")`, global);
  return { code: Number(code), asked, printed: printed.join("\n") };
}

test("a command that reads no configuration does without the second bundle", () => {
  expect(run(["version"])).toEqual({ code: 0, asked: [], printed: "kubesolo-os-agent 1" });
});

test("one that does has it", () => {
  const { code, asked, printed } = run(["config", "check", "/user-data"]);
  expect([code, asked]).toEqual([1, ["configuration"]]);
  expect(printed).toContain("hostname: must be a host name such as node-1, not a list");
});

test("neither says where the sources lie", () => {
  const lines = Object.values(bundles).flatMap((bundle: string) => bundle.split("\n"));
  expect(lines.filter((line) => line.includes("// ../"))).toEqual([]);
});

test("the first is the smaller by far", () => {
  expect(bundles.agent.length).toBeLessThan(bundles.configuration.length / 3);
});
