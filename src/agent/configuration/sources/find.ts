// Where the configuration is looked for; the first place that has one wins.

import { MAX_SOURCE_BYTES } from "../../cloud-init/source.ts";
import { isHostFailure, readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { readKernelCommandLine } from "../../kernel-command-line.ts";
import { places } from "../../places.ts";
import { findBaked } from "./baked.ts";
import { type CommandLineSource, parseCommandLineSource } from "./command-line.ts";
import { bootVolume, type Device, describeDevice, matchingDevice, noCloudVolumes } from "./devices.ts";
import { findKept } from "./kept.ts";
import type { Found, SourcePlace } from "./source.ts";
import { decodeText } from "./text.ts";
import { noCloudFiles, readCandidates, readDevices, readVolume } from "./volume.ts";

/** A stick on a slow hub; only one that the command line names is waited for. */
const DEVICE_LIMIT_MS = 30_000;
const ADDRESS_LIMIT_MS = 40_000;

/** Undefined when there is none anywhere: the built-in defaults count. A volume it was found on stays mounted. */
export function findConfiguration(host: Host): Found | undefined {
  const { configuration, isBootPartitionEmpty } = readKernelCommandLine(host);
  if (configuration !== undefined) return namedConfiguration(host, parseCommandLineSource(configuration));
  const bootDisk = readIfThere(host, places.bootDisk, 256)?.trim() ?? "";
  const devices = readCandidates(host, bootDisk);
  return (
    onNoCloudVolume(host, devices) ??
    (isBootPartitionEmpty ? undefined : onBootVolume(host, devices, bootDisk)) ??
    findKept(host) ??
    findBaked(host)
  );
}

function onNoCloudVolume(host: Host, devices: readonly Device[]): Found | undefined {
  const [device, ...others] = noCloudVolumes(devices);
  if (device === undefined) return undefined;
  // Somebody made this volume for us: a misnamed file is told, not passed over.
  const found =
    readVolume(host, device, "volume", noCloudFiles()) ??
    unusable("volume", describeDevice(device), "there is no file user-data at its top");
  const left = others.map(
    (other) =>
      `${describeDevice(other)} isn't used: ${describeDevice(device)} comes before it, by its device's name`,
  );
  return { ...found, warnings: [...(found.warnings ?? []), ...left] };
}

function onBootVolume(host: Host, devices: readonly Device[], bootDisk: string): Found | undefined {
  const device = bootVolume(devices, bootDisk);
  return device && readVolume(host, device, "ESP", noCloudFiles("/kubesolo"));
}

/** What the command line names and can't be used is told; nothing else is taken for it. */
function namedConfiguration(host: Host, named: CommandLineSource): Found {
  switch (named.from) {
    case "device":
      return onNamedDevice(host, named.device, named.path);
    case "address":
      return atAddress(host, named.url);
    case "word":
      return inWord(host, named.base64);
    case "nowhere":
      return unusable("command line", "kubesolo.cloudinit=", named.reason);
  }
}

function onNamedDevice(host: Host, spec: string, path: string): Found {
  const origin = `${spec}:${path}`;
  const deadline = host.uptime() + DEVICE_LIMIT_MS;
  let device = matchingDevice(readDevices(host), spec);
  while (device === undefined && host.uptime() < deadline) {
    host.sleep(500);
    device = matchingDevice(readDevices(host), spec);
  }
  if (device === undefined)
    return unusable("command line", origin, `no such device after ${DEVICE_LIMIT_MS / 1000} s`);
  return (
    readVolume(host, device, "command line", [["user-data", path]]) ??
    unusable("command line", origin, "there is no such file")
  );
}

/** Asked again until the limit: a server, or a route to it, may be slower than this machine. */
function atAddress(host: Host, url: string): Found {
  // A name and a password may stand in it.
  const origin = url.replace(/\/\/[^@/]*@/, "//…@");
  const deadline = host.uptime() + ADDRESS_LIMIT_MS;
  let problem = "nobody answered";
  do {
    try {
      const { status, body } = host.fetch({ url, timeoutMs: 10_000 }, MAX_SOURCE_BYTES);
      if (status === 200) return oneText(origin, decodeText(host, body));
      problem = `the server answered ${status}`;
      if (status < 500) break;
    } catch (error) {
      if (!isHostFailure(error)) throw error;
      problem = error.message.replaceAll(url, origin);
      if (["EFBIG", "EILSEQ", "EBADMSG"].includes(error.code)) break;
    }
    host.sleep(2000);
  } while (host.uptime() < deadline);
  return unusable("command line", origin, problem);
}

function inWord(host: Host, base64: string): Found {
  const origin = "kubesolo.cloudinit=data:";
  try {
    return oneText(origin, decodeText(host, host.decodeBase64(base64)));
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    return unusable("command line", origin, error.message);
  }
}

function oneText(origin: string, text: string): Found {
  return {
    place: "command line",
    origin,
    sources: [{ kind: "user-data", name: origin, text }],
    problems: [],
  };
}

function unusable(place: SourcePlace, origin: string, problem: string): Found {
  return { place, origin, sources: [], problems: [`${origin}: ${problem}`] };
}
