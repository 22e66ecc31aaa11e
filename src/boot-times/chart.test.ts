import { expect, test } from "vitest";
import { drawBootChart } from "./chart.ts";

test("a boot is drawn as the golden file has it", async () => {
  const chart = drawBootChart([
    { name: "initramfs", started: 1.5, ended: 3.2 },
    { name: "00-early-mount", started: 3.3, ended: 3.5 },
    { name: "50-network", started: 3.5, ended: 4.9 },
    { name: "engine", started: 5, ended: 43.2 },
  ]);
  await expect(chart).toMatchFileSnapshot("../../test/golden/boot-chart.svg");
});

test("a part that took no time is still seen", () => {
  expect(drawBootChart([{ name: "70-clock", started: 2, ended: 2 }])).toContain('width="1"');
});

test("a name can't break the picture", () => {
  expect(drawBootChart([{ name: "<script>", started: 0, ended: 1 }])).toContain("&lt;script>");
});
