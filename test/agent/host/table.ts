// All rows: those that every Host comes to, and those that only the device's does.
import { byteRows, deviceByteRows } from "./bytes.rows.ts";
import { certificateRows } from "./certificates.rows.ts";
import { deviceFileRows, fileRows } from "./files.rows.ts";
import { deviceFolderRows, folderRows } from "./folders.rows.ts";
import { deviceMachineRows, machineRows } from "./machine.rows.ts";
import { networkRows } from "./network.rows.ts";
import { pieceRows } from "./pieces.rows.ts";
import { programRows } from "./programs.rows.ts";
import type { Row } from "./row.ts";
import { deviceWrittenFileRows, writtenFileRows } from "./written-files.rows.ts";

export const everyRow: readonly Row[] = [
  ...fileRows,
  ...writtenFileRows,
  ...folderRows,
  ...byteRows,
  ...certificateRows,
  ...pieceRows,
  ...machineRows,
];

export const deviceRows: readonly Row[] = [
  ...everyRow,
  ...deviceFileRows,
  ...deviceWrittenFileRows,
  ...deviceFolderRows,
  ...deviceByteRows,
  ...programRows,
  ...networkRows,
  ...deviceMachineRows,
];
