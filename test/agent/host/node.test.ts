// What tests of the agent take for a device does as the device does (built.agent.ts has the same rows).
import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { folderHost, makeDevice } from "../device/folder-host.ts";
import { expectedOutcome, runRows, type World } from "./row.ts";
import { everyRow } from "./table.ts";

const device = makeDevice();
const outcomes = runRows(folderHost(device), everyRow, { folder: "/rows" } as World);

afterAll(() => rmSync(device, { recursive: true }));

test.each(everyRow.map((row, index) => [row.name, row, outcomes[index]] as const))(
  "%s",
  (_name, row, outcome) => {
    expect(outcome).toEqual(expectedOutcome(row));
  },
);
