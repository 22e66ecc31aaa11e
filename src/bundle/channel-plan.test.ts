import { expect, test } from "vitest";
import { sampleRelease } from "../../test/sample-release.ts";
import { type Channel, type ChannelRelease, describedIn, parseChannel } from "../release/channel.ts";
import type { ReleaseManifest } from "../release/release-manifest.ts";
import { type ChannelChange, planChannel } from "./channel-plan.ts";

/** "1.2.0:12" is a version and its sequence; another `sum` is another release.json. */
function entry(text: string, sum = text, changed: Partial<ReleaseManifest> = {}): ChannelRelease {
  const [version = "", sequence] = text.split(":");
  const manifest = sampleRelease({ version, sequence: Number(sequence), ...changed });
  return describedIn(manifest, Buffer.from(sum).toString("hex").padEnd(64, "0"));
}

const hardware = { profile: "hardware" };
const nothing = {
  name: "stable",
  issued: "2026-12-01T10:00:00Z",
  add: [],
  remove: [],
  isOlderAllowed: false,
};

const stable = (...releases: ChannelRelease[]): Channel => ({
  ...{ product: "kubesolo-os", channel: "stable", number: 4, issued: "2026-11-01T10:00:00Z" },
  releases,
});
const two = stable(entry("1.2.0:12"), entry("1.3.0:13"));

const told = ({ releases }: Channel) =>
  releases.map(({ version, sequence, profile }) => `${version}:${sequence} ${profile}`);

test.each<[string, Channel | undefined, Partial<ChannelChange>, number, string[]]>([
  ["the first release makes the channel", undefined, { add: [entry("1.2.0:12")] }, 1, ["1.2.0:12 vm"]],
  [
    "a later one is added",
    two,
    { add: [entry("1.4.0:14")] },
    5,
    ["1.2.0:12 vm", "1.3.0:13 vm", "1.4.0:14 vm"],
  ],
  [
    "each profile has its own order",
    two,
    { add: [entry("1.1.0:11", "other", hardware)] },
    5,
    ["1.1.0:11 hardware", "1.2.0:12 vm", "1.3.0:13 vm"],
  ],
  [
    "two for one profile, in any order",
    stable(),
    { add: [entry("1.3.0:13"), entry("1.2.0:12")] },
    5,
    ["1.2.0:12 vm", "1.3.0:13 vm"],
  ],
  ["the same one again, as when it was signed anew", two, { add: [entry("1.2.0:12")] }, 5, told(two)],
  [
    "the same one twice at once",
    stable(),
    { add: [entry("1.2.0:12"), entry("1.2.0:12")] },
    5,
    ["1.2.0:12 vm"],
  ],
  ["one is withdrawn", two, { remove: ["1.3.0"] }, 5, ["1.2.0:12 vm"]],
  [
    "one is withdrawn for all profiles",
    stable(entry("1.2.0:12"), entry("1.2.0:12", "other", hardware)),
    { remove: ["1.2.0"] },
    5,
    [],
  ],
  [
    "another takes the place of one that is withdrawn",
    two,
    { remove: ["1.3.0"], add: [entry("1.3.0:13", "other")] },
    5,
    told(two),
  ],
  ["no news are news", two, {}, 5, told(two)],
  [
    "an older one, when somebody insists",
    two,
    { add: [entry("1.1.0:11")], isOlderAllowed: true },
    5,
    ["1.1.0:11 vm", "1.2.0:12 vm", "1.3.0:13 vm"],
  ],
  ["after the folder was lost", undefined, { add: [entry("1.2.0:12")], number: 30 }, 30, ["1.2.0:12 vm"]],
])("%s", (_name, existing, change, number, releases) => {
  const plan = planChannel(existing, { ...nothing, ...change });
  if ("problems" in plan) throw new Error(plan.problems.join());
  expect(plan.channel).toMatchObject({ number, channel: "stable", issued: nothing.issued });
  expect(told(plan.channel)).toEqual(releases);
  expect(parseChannel(plan.text)).toEqual(plan.channel);
});

test.each<[string, Channel | undefined, Partial<ChannelChange>, RegExp[]]>([
  [
    "another release of a version",
    two,
    { add: [entry("1.3.0:14", "x")] },
    [/another 1\.3\.0 for amd64, profile vm/],
  ],
  [
    "a sequence that is taken",
    two,
    { add: [entry("1.4.0:13")] },
    [/1\.4\.0 has the sequence 13, and so has 1\.3\.0/],
  ],
  [
    "two new ones with one sequence",
    stable(),
    { add: [entry("1.4.0:14"), entry("1.5.0:14")] },
    [/1\.5\.0 has the sequence 14, and so has 1\.4\.0/],
  ],
  [
    "one with a smaller sequence than is there",
    two,
    { add: [entry("1.2.1:11")] },
    [/1\.2\.1 has the sequence 11, and for amd64, profile vm there is 13 already/],
  ],
  ["withdrawing what isn't there", two, { remove: ["9.0.0"] }, [/"stable" has no release 9\.0\.0/]],
  ["nothing, and no channel", undefined, {}, [/no channel "stable" yet, and no bundle/]],
  ["a number that isn't a later one", two, { number: 4 }, [/has the number 4 already/]],
  [
    "more than a device reads",
    stable(...Array.from({ length: 1000 }, (_, index) => entry(`1.0.${index}:${index + 1}`))),
    {},
    [/larger than devices read/],
  ],
  [
    "all at once",
    two,
    { remove: ["9.0.0"], add: [entry("1.3.0:11", "x")] },
    [/no release 9\.0\.0/, /another 1\.3\.0/, /sequence 11/],
  ],
])("refuses %s", (_name, existing, change, reasons) => {
  const plan = planChannel(existing, { ...nothing, ...change });
  const problems = "problems" in plan ? plan.problems : [];
  expect(problems).toHaveLength(reasons.length);
  reasons.forEach((reason, index) => {
    expect(problems[index]).toMatch(reason);
  });
});
