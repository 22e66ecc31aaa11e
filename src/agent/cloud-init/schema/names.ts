// Names and addresses of machines.
import * as v from "valibot";
import { quoted } from "../problems.ts";
import { matching } from "./kinds.ts";

const DOMAIN =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/;

const HOST_NAME = "a host name such as node-1";
/** One with dots is a domain name. */
export const hostName = v.pipe(
  v.string(HOST_NAME),
  v.rawCheck<string>(({ dataset, addIssue }) => {
    const reason = dataset.typed ? whyNoName(dataset.value) : undefined;
    if (reason !== undefined)
      addIssue({ message: `${quoted(dataset.value)} can't be a host name: ${reason}` });
  }),
);

function whyNoName(name: string): string | undefined {
  const parts = name.replace(/\.$/, "").split(".");
  const odd = [...name].find((character) => !/[A-Za-z0-9.-]/.test(character));
  if (odd === "_") return 'it has a "_"; take a hyphen instead';
  if (odd === " ") return "it has a space in it";
  if (odd !== undefined) return `it has ${quoted(odd)} in it; there may be letters, digits and hyphens`;
  if (name === "" || parts.includes("")) return "a part of it is empty";
  if (parts.some((part) => part.length > 63)) return "a part of it has more than 63 characters";
  if (name.length > 253) return "it has more than 253 characters";
  if (parts.some((part) => /^-|-$/.test(part))) return "a part of it begins or ends with a hyphen";
  return undefined;
}

export const domainName = v.pipe(
  matching(DOMAIN, "a name such as node-1.example.com"),
  v.maxLength(253, "a name such as node-1.example.com, 253 characters at most"),
);

/** As they are written, not made of parts: such a one is compiled with the program, not at each start. */
export const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const IPV6 = /^(?=.*:)[0-9a-fA-F:.]{2,45}$/;

/** A server's name or its address. */
export const serverName = v.pipe(
  v.string("a name or an address of a server"),
  v.check(
    (value) => IPV4.test(value) || IPV6.test(value) || v.is(domainName, value),
    "a name or an address of a server, such as ntp.example.com",
  ),
);
