// Which release of a channel a box takes: the newest that can be installed over what it runs, so that one which can't be reached
// at once is reached over others. Pure.
import type { Channel, ChannelRelease } from "./channel.ts";
import type { Box, Insistence } from "./refusals.ts";
import { compareVersions } from "./version.ts";

export type ChannelChoice =
  | { readonly release: ChannelRelease }
  /** Nothing newer is there; `newest`: what there is for such a box. */
  | { readonly newest: ChannelRelease | undefined }
  /** There are newer ones, and none of them can be taken. */
  | { readonly problems: readonly string[] };

export type Chooser = Pick<Box, "architecture" | "profile" | "version" | "floor" | "quarantine">;

export function chooseRelease(
  { releases }: Channel,
  { architecture, profile, version, floor, quarantine }: Chooser,
  { allowDowngrade = false, again = false }: Insistence = {},
): ChannelChoice {
  const own = releases
    .filter((each) => each.architecture === architecture && each.profile === profile)
    .sort((one, other) => other.sequence - one.sequence);
  const wanted = own.filter((each) => (allowDowngrade ? each.version !== version : each.sequence > floor));
  if (wanted.length === 0) return { newest: own[0] };
  const problems: string[] = [];
  for (const release of wanted) {
    const problem = whyNot(release);
    if (problem === undefined) return { release };
    problems.push(`${release.version}: ${problem}`);
  }
  return { problems };

  function whyNot(release: ChannelRelease): string | undefined {
    if (quarantine.includes(release.version) && !again) return "failed here before; --again insists";
    const oldest = release.min_compatible_version;
    if (compareVersions(version, oldest) >= 0) return undefined;
    return `can be installed over ${oldest} and later, and this is ${version}`;
  }
}
