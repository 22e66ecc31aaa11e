// meta-data: who this machine is, from whoever made its volume. Pure.
import * as v from "valibot";
import { ignored, mapping, maybe, refused } from "./schema/kinds.ts";

export const metaDataSchema = mapping({
  "instance-id": v.pipe(
    maybe(v.pipe(v.union([v.string(), v.number()], "a word such as node-1"), v.transform(String))),
    v.description("Once is once for each instance-id."),
  ),
  instance_id: maybe(v.pipe(v.union([v.string(), v.number()], "a word such as node-1"), v.transform(String))),
  "local-hostname": maybe(v.string("a host name such as node-1")),
  hostname: maybe(v.string("a host name such as node-1")),
  "public-keys": maybe(v.unknown()),
  "network-interfaces": refused(
    "a network in Debian's old format, which this node doesn't read",
    "write it as network-config, version 2",
  ),
  dsmode: ignored("the node's own volume is always read at the start"),
});

export interface MetaData {
  readonly instanceId?: string;
  readonly hostname?: string;
  readonly publicKeys: readonly string[];
}
