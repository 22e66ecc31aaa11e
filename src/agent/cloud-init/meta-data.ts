// meta-data: who this machine is, from whoever made its volume. Pure.
import * as v from "valibot";
import { once } from "../once.ts";
import type { Located } from "./located.ts";
import type { Finding } from "./problems.ts";
import { ignored, refused } from "./schema/key-notes.ts";
import { mapping, maybe, named } from "./schema/kinds.ts";
import { domainName } from "./schema/names.ts";
import { publicKey } from "./schema/public-keys.ts";
import { validate } from "./validate.ts";

export interface MetaData {
  readonly instanceId?: string;
  readonly hostname?: string;
  readonly publicKeys: readonly string[];
}

export interface CheckedMetaData {
  /** undefined when anything is wrong. */
  readonly metaData?: MetaData;
  readonly findings: readonly Finding[];
}

export const NO_META_DATA: MetaData = { publicKeys: [] };

const ID = "a word such as node-1";
const instanceId = once(() =>
  v.pipe(v.union([v.string(ID), v.number(ID)], ID), v.transform(String), v.regex(/^\S{1,200}$/, ID)),
);

const KEYS = "public keys: a list, or a mapping of names to keys";
const keys = once(() =>
  v.pipe(
    v.union([v.array(publicKey(), KEYS), publicKey()], KEYS),
    v.transform((value) =>
      typeof value === "string" ? value.split(/\r?\n/).filter((line) => line !== "") : value,
    ),
  ),
);
const byNumber = once(() =>
  v.pipe(
    named(v.string(), v.union([keys(), mapping({ "openssh-key": publicKey() })], KEYS), KEYS),
    v.transform((named) =>
      Object.values(named).flatMap((each) =>
        typeof each === "object" && "openssh-key" in each ? [each["openssh-key"]] : each,
      ),
    ),
  ),
);

const cloud = once(() => ignored("no cloud is asked for anything"));

const metaDataSchema = once(() =>
  mapping({
    "instance-id": v.pipe(maybe(instanceId()), v.description("Once is once for each instance-id.")),
    instance_id: maybe(instanceId()),
    "local-hostname": v.pipe(maybe(domainName), v.description("The name, when user-data says none.")),
    hostname: maybe(domainName),
    "public-keys": v.pipe(
      maybe(v.union([keys(), byNumber()], KEYS)),
      v.description("Keys of the default user."),
    ),
    public_keys: maybe(v.union([keys(), byNumber()], KEYS)),
    "network-interfaces": refused(
      "a network in Debian's old format, which this node doesn't read",
      "write it as network-config, version 2",
    ),
    dsmode: ignored("the configuration is always read at the start"),
    "cloud-name": cloud(),
    "cloud-id": cloud(),
    platform: cloud(),
    region: cloud(),
    "availability-zone": cloud(),
    "instance-type": cloud(),
    uuid: ignored("the machine's id is its own"),
  }),
);

export function checkMetaData(root: Located): CheckedMetaData {
  const { output, findings } = validate(metaDataSchema(), root);
  if (output === undefined) return { findings };
  const id = output["instance-id"] ?? output.instance_id;
  const hostname = output["local-hostname"] ?? output.hostname;
  const written = output["public-keys"] ?? output.public_keys ?? [];
  return {
    metaData: {
      ...(id != null && { instanceId: id }),
      ...(hostname != null && { hostname }),
      publicKeys: written,
    },
    findings,
  };
}
