import { expect, test } from "vitest";
import type { BootState } from "../../../release/boot-state.ts";
import type { HistoryEvent } from "../books.ts";
import { formatMetrics } from "./metrics.ts";
import { eventId, untold, updateEvent, updateLabels } from "./node-words.ts";
import { describeStanding, type Facts, standingMessage } from "./standing.ts";

const state: BootState = { generation: 1, activeSlot: "A", floor: 1, reason: "confirmed" };
const system = { version: "1.0.0", profile: "vm", isDevelopment: false, kubernetes: "v1.37.2" };
const happened = (what: HistoryEvent["what"], why?: string): HistoryEvent => ({
  ...{ atMs: 255, what, version: "1.1.0", slot: "B" },
  ...(why === undefined ? {} : { why }),
});
const facts = (changed: Partial<Facts> = {}, ...history: HistoryEvent[]): Facts => ({
  ...{
    system,
    running: "A",
    state,
    books: { quarantine: [], history },
    hasKeys: true,
    nowMs: Date.UTC(2026, 5, 1),
  },
  ...changed,
});
const { running: _, ...inNoSlot } = facts();
const { state: __, ...withoutState } = facts();

test.each<[string, Facts, string]>([
  ["all is well", facts(), "True Confirmed"],
  ["on trial", facts({ state: { ...state, trial: 2 } }), "Unknown OnTrial"],
  [
    "an update waits for its first boot",
    facts({ state: { ...state, activeSlot: "B", trial: 3 } }),
    "True Waiting",
  ],
  ["a person wants the other slot", facts({ state: { ...state, activeSlot: "B" } }), "True NotNext"],
  ["no keys", facts({ hasKeys: false }), "True NoKeys"],
  ["no slots", inNoSlot, "True NoSlots"],
  ["no state", withoutState, "False StateLost"],
  ["no boot partition", { ...withoutState, problem: "x" }, "Unknown Unreadable"],
  [
    "the last update failed",
    facts({}, happened("confirmed"), happened("failed", "unhealthy")),
    "False Failed",
  ],
  ["an earlier one failed", facts({}, happened("failed"), happened("confirmed")), "True Confirmed"],
  ["another one is written meanwhile", facts({}, happened("failed"), happened("applied")), "False Failed"],
  ["a person went back", facts({}, happened("rolled back")), "True RolledBack"],
  ["a slot has rotted", facts({}, happened("other slot", "slot-damaged")), "False OtherSlot"],
  ["the state was lost", facts({}, happened("other slot", "state-lost")), "False StateLost"],
])("%s", (_name, given, expected) => {
  const { status, reason } = describeStanding(given);
  expect(`${status} ${reason}`).toBe(expected);
  expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
});

test("a person reads what runs, what became of the last update, and why", () => {
  expect(standingMessage(facts({}, happened("rolled back", "a person said so")))).toBe(
    "1.0.0, slot A: confirmed; back from 1.1.0: a person said so",
  );
});

const channel = (issued: string, version?: string) => ({
  ...{ number: 3, issued, keys: 1 },
  ...(version === undefined ? {} : { available: { version, sequence: 9 } }),
});

test("channels: what they have, and which have no news any more, change no reason", () => {
  const channels = {
    stable: channel("2026-05-31T00:00:00Z", "1.2.0"),
    edge: channel("2026-05-02T00:00:00Z"),
    same: channel("2026-05-31T00:00:00Z", "1.0.0"),
  };
  const told = facts({ books: { quarantine: [], history: [], channels } });
  expect(describeStanding(told).reason).toBe("Confirmed");
  expect(standingMessage(told)).toBe(
    "1.0.0, slot A: confirmed; 1.2.0 is available, in channel stable; channel edge has had no news for 30 days",
  );
  expect(formatMetrics(told)).toContain('kubesolo_os_update_available{channel="stable",version="1.2.0"} 1\n');
  expect(formatMetrics(told)).toContain('_channel_issued_timestamp_seconds{channel="edge"} 1777680000\n');
});

test.each([
  ["1.0.0-rc.1+build.7", "1.0.0-rc.1_build.7"],
  ["1.0.0+", "1.0.0"],
  [`1.0.0-${"x".repeat(80)}`, `1.0.0-${"x".repeat(57)}`],
])("the version %s as a label", (version, label) => {
  expect(updateLabels({ system: { ...system, version }, running: "A" })[0]).toBe(
    `os.kubesolo.io/version=${label}`,
  );
});

test("a system in no slot has no such label", () => {
  expect(updateLabels({ system })[1]).toBe("os.kubesolo.io/slot-");
});

test.each([
  [true, "os.kubesolo.io/development=ssh"],
  [false, "os.kubesolo.io/development-"],
])("an image that people log in to is known by a label: %s", (isDevelopment, label) => {
  expect(updateLabels({ system: { ...system, isDevelopment } })).toContain(label);
});

test("an event's name is that of an object", () => {
  expect(updateEvent(happened("other slot", "slot-damaged"))).toEqual({
    ...{ id: "update-ff-other-slot-b", type: "Warning", reason: "OtherSlotStarted", atMs: 255 },
    message: "1.1.0, slot B: other slot: slot-damaged",
  });
});

const many = Array.from({ length: 30 }, (_, index) => ({ ...happened("applied"), atMs: index }));

test.each<[string, string | undefined, number[]]>([
  ["nothing was told: the newest", undefined, [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]],
  ["the last but two was told", eventId({ ...happened("applied"), atMs: 27 }), [28, 29]],
  ["all were told", eventId({ ...happened("applied"), atMs: 29 }), []],
  ["what was told is forgotten: the newest", "update-0-x-a", [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]],
])("of many events, %s", (_name, last, expected) => {
  expect(untold(many, last).map(({ atMs }) => atMs)).toEqual(expected);
});

test("metrics keep the text format, whatever is in a label", () => {
  const text = formatMetrics(
    facts({ system: { ...system, version: '1"\n\\' } }, happened("applied"), happened("other slot")),
  );
  expect(text).toContain('kubesolo_os_info{version="1\\"\\n\\\\",slot="A",');
  expect(text).toContain('kubesolo_os_update_last_event_timestamp_seconds{what="other slot"} 0.255\n');
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{.+\})? [\d.]+)$/);
});
