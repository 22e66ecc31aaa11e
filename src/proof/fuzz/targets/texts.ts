// What programs print, and what lies in the log: pods may have written it.
import { parseDevices } from "../../../agent/configuration/sources/devices.ts";
import { parseUevent } from "../../../agent/configuration/sources/kernel-devices.ts";
import { parseExtents } from "../../../agent/update/boot-record.ts";
import { parsePods } from "../../../agent/update/health/pods.ts";
import { isInWindow, parseLocalTime } from "../../../agent/update/window.ts";
import { findLastWords } from "../../../release/boot-log.ts";
import { broken } from "../../broken.ts";
import { type FuzzTarget, refusedOr, spoilAsText } from "../fuzz-target.ts";
import { spoilText } from "../spoil/text.ts";

/** By the sample's name. */
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  filefrag(text) {
    const offset = parseExtents(text);
    if (offset !== undefined && (!Number.isFinite(offset) || offset % 512 !== 0)) broken("a place on a disk");
    return offset;
  },
  blkid: parseDevices,
  pods: parsePods,
  uevent: parseUevent,
  date: parseLocalTime,
  window: (text) => isInWindow([text], { weekday: 3, minutes: 700 }),
  log(text) {
    const words = findLastWords(text, { version: "1.1.0", slot: "B" });
    if (words !== undefined && words.text.length > 65_537) broken("last words have an end");
    return words;
  },
};

export const textsTarget: FuzzTarget = {
  what: "what programs print (blkid, filefrag, kubectl, date), the kernel's uevents, the log",
  spoil: spoilAsText(spoilText),
  open:
    (_samples, math) =>
    ({ file, content }) =>
      refusedOr(() => JSON.stringify(parsers[file]?.(math.decodeUtf8(content))) ?? "nothing"),
};
