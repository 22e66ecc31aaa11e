// What `kubesolo.cloudinit=` on the kernel command line says of where a configuration is. Pure.

export type CommandLineSource =
  /** A file of a device, which may show up late: it is waited for. */
  | { readonly from: "device"; readonly device: string; readonly path: string }
  /** Asked for when the network is up. */
  | { readonly from: "address"; readonly url: string }
  /** The text itself in base64, or its gzip. */
  | { readonly from: "word"; readonly base64: string }
  | { readonly from: "nowhere"; readonly reason: string };

const SHAPES =
  "LABEL=NAME:/path, UUID=, PARTUUID= or PARTLABEL= alike, /dev/NAME:/path, http(s)://…, or data:BASE64";
const DEVICE = /^((?:LABEL|UUID|PARTUUID|PARTLABEL)=[^:/]+|\/dev\/[^:]+)(?::(.*))?$/;

export function parseCommandLineSource(value: string): CommandLineSource {
  if (/^https?:\/\/[^/]/.test(value)) return { from: "address", url: value };
  if (value.startsWith("data:")) return { from: "word", base64: value.slice("data:".length) };
  const device = DEVICE.exec(value);
  if (device?.[1] !== undefined) return deviceFile(device[1], device[2] ?? "/user-data");
  if (/^(ds=|nocloud)/i.test(value))
    return refused(`"${value}" is written for another program; here it is ${SHAPES}`);
  return refused(`"${value}" is none of ${SHAPES}`);
}

function deviceFile(device: string, path: string): CommandLineSource {
  const isPlain = path.startsWith("/") && !path.split("/").includes("..") && !path.endsWith("/");
  return isPlain ? { from: "device", device, path } : refused(`"${path}" is no absolute path of a file`);
}

function refused(reason: string): CommandLineSource {
  return { from: "nowhere", reason };
}
