// What is wished for an installation, as the agent keeps it from `boot` to `install`.
import * as v from "valibot";
import type { InstallWish } from "../cloud-init/actions.ts";

export const InstallWishSchema = v.object({
  disk: v.exactOptional(v.string()),
  minSizeBytes: v.exactOptional(v.number()),
  isErased: v.boolean(),
  end: v.picklist(["reboot", "poweroff"]),
}) satisfies v.GenericSchema<unknown, InstallWish>;
