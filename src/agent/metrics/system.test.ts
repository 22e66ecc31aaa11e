// What Prometheus reads of the system; and that the example's dashboard and rules ask for nothing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { report } from "../../../test/agent/device/support-bundle.ts";
import { repository } from "../../lib/paths.ts";
import { formatMetrics } from "../update/tell/metrics.ts";
import { formatSystemMetrics, parseBootParts, parseClockSync, parseSpace } from "./system.ts";

const all = formatSystemMetrics({
  nowMs: 1_700_000_000_500,
  boot: parseBootParts("initramfs 0.5 1.75\n20-persistent-mount 1.80 2.10\nengine 3.2 15.4\nhalf a line\n"),
  data: { sizeBytes: 4096, freeBytes: 1024 },
  disks: [
    { name: "mmcblk0", model: "DA4064", sizeBytes: 1, usedTenths: [2, 11], reserve: 1, writtenBytes: 0 },
    { name: "sda", model: "", sizeBytes: 1, usedTenths: [], writtenBytes: 0 },
  ],
  fileSystems: [{ device: "mmcblk0p5", errors: 3, writtenBytes: 2048 }],
  isClockSynced: false,
  report: { ...report, uses: "last good", refusals: ["a"], problems: ["b"], warnings: ["c"] },
});

test("all that is known is told", () => {
  expect(all.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "kubesolo_os_clock_timestamp_seconds 1700000000.5",
    "kubesolo_os_clock_synced 0",
    'kubesolo_os_boot_part_seconds{part="initramfs"} 1.25',
    'kubesolo_os_boot_part_seconds{part="20-persistent-mount"} 0.3',
    'kubesolo_os_boot_part_seconds{part="engine"} 12.2',
    "kubesolo_os_boot_ready_seconds 15.4",
    "kubesolo_os_data_size_bytes 4096",
    "kubesolo_os_data_free_bytes 1024",
    'kubesolo_os_filesystem_errors{device="mmcblk0p5"} 3',
    'kubesolo_os_filesystem_written_bytes{device="mmcblk0p5"} 2048',
    'kubesolo_os_disk_life_used_ratio{disk="mmcblk0",memory="A"} 0.2',
    'kubesolo_os_disk_life_used_ratio{disk="mmcblk0",memory="B"} 1.1',
    'kubesolo_os_disk_reserve{disk="mmcblk0"} 1',
    'kubesolo_os_configuration_info{uses="last good"} 1',
    "kubesolo_os_configuration_problems 2",
    "kubesolo_os_configuration_warnings 1",
  ]);
});

test("what isn't known isn't told", () => {
  const text = formatSystemMetrics({ nowMs: 0, boot: [], disks: [], fileSystems: [] });
  expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
    "kubesolo_os_clock_timestamp_seconds 0",
    "",
  ]);
});

test.each([
  ["nothing", undefined],
  ["clock is now unsynced\n", false],
  ["clock is now unsynced\npeer 1.2.3.4 now valid\nclock is now synced\n", true],
  ["clock is now synced\nclock is now unsynced\n", false],
])("openntpd's last word counts: %j", (log, isSynced) => {
  expect(parseClockSync(log)).toBe(isSynced);
});

test.each([
  [
    "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda5 100 60 40 60% /data\n",
    { sizeBytes: 102400, freeBytes: 40960 },
  ],
  ["", undefined],
  ["df: /data: can't find mount point\n", undefined],
])("df says: %j", (text, space) => {
  expect(parseSpace(text)).toEqual(space);
});

const example = (name: string) => readFileSync(join(repository, "examples/monitoring", name), "utf8");
const served =
  all +
  formatMetrics({
    system: { version: "1.0.0", profile: "vm", kubernetes: "v1.37.0", isDevelopment: false },
    running: "A",
    books: {
      quarantine: [],
      history: [],
      channels: { stable: { number: 1, issued: "2026-11-29T19:00:00Z", sequence: 1 } },
    } as never,
    nowMs: 0,
    hasKeys: true,
  });

test.each(["dashboard.json", "rules.yaml"])("the example's %s asks for nothing that isn't served", (name) => {
  const names = new Set(example(name).match(/kubesolo_os_\w+/g));
  expect(names.size).toBeGreaterThan(8);
  expect([...names].filter((each) => !served.includes(`# TYPE ${each} `))).toEqual([]);
});

test("each rule says what it is about, and each panel has a question", () => {
  const { groups } = parse(example("rules.yaml")) as { groups: { rules: Record<string, never>[] }[] };
  for (const rule of groups.flatMap(({ rules }) => rules))
    expect(rule).toMatchObject({
      alert: expect.any(String),
      expr: expect.any(String),
      annotations: { summary: expect.any(String) },
    });
  const { panels } = JSON.parse(example("dashboard.json")) as { panels: { targets: { expr: string }[] }[] };
  for (const { targets } of panels) for (const { expr } of targets) expect(expr).toContain("kubesolo_");
});
