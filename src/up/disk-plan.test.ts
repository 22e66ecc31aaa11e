import { expect, test } from "vitest";
import { type DiskRecord, planDisk } from "./disk-plan.ts";

const image: DiskRecord = {
  imageId: "b",
  version: "2",
  sizeBytes: 4096,
  dataOffsetBytes: 1024,
  kubectl: "/k",
};

test.each([
  ["the first `up` makes a disk", undefined, { do: "make" }],
  ["a disk of this image is booted as it is", image, { do: "keep" }],
  ["a disk of an older image keeps its data", { ...image, imageId: "a" }, { do: "rewrite system" }],
  [
    "another layout would destroy the data",
    { ...image, imageId: "a", dataOffsetBytes: 512 },
    { do: "refuse", why: "the data partition starts elsewhere" },
  ],
  [
    "another size leaves the backup table behind",
    { ...image, sizeBytes: 1 },
    { do: "refuse", why: "the disk has another size" },
  ],
])("%s", (_, existing, plan) => {
  expect(planDisk(existing, image)).toEqual(plan);
});
