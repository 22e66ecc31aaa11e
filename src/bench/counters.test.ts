import { expect, test } from "vitest";
import { parseCounters } from "./counters.ts";

const text = `cpu_usec 2500000
machine_ticks 450
uptime_seconds 61.25
data_sectors 2048
MemTotal_kib 1024000
SwapTotal_kib 0
MemAvailable_kib 512000
process etcd 120 30720
process kubelet 60 40960
`;

test("counters become seconds, bytes and mebibytes", () => {
  expect(parseCounters(text)).toEqual({
    cpuSeconds: 2.5,
    machineCpuSeconds: 4.5,
    uptimeSeconds: 61.25,
    writtenBytes: 1_048_576,
    usedMiB: 500,
    processes: [
      { name: "etcd", cpuSeconds: 1.2, anonymousMiB: 30 },
      { name: "kubelet", cpuSeconds: 0.6, anonymousMiB: 40 },
    ],
  });
});

test("a counter that is missing is named", () => {
  expect(() => parseCounters(text.replace("data_sectors", "x"))).toThrow('no counter "data_sectors"');
});
