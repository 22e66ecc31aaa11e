import { Argument, Command, InvalidArgumentError } from "commander";
import type { BakedFiles } from "../image/baked/baked.ts";
import { listManifests } from "../image/baked/check.ts";
import { build, makePlan } from "../image/build.ts";
import { TARGETS, type Target } from "../image/config.ts";
import { EXTRAS, type Extra } from "../image/kernel/wanted.ts";
import { OUTPUT_NAMES, outputs } from "../image/outputs/outputs.ts";
import { describePlan } from "../image/plan.ts";
import type { Product } from "../image/product.ts";
import type { Profile } from "../image/profile.ts";
import { isVersion } from "../release/version.ts";
import { profileOption } from "./profile-option.ts";

interface Options {
  readonly profile: Profile;
  readonly plan: boolean;
  readonly images?: readonly string[];
  readonly manifests?: string;
  readonly config?: string;
  readonly updateKeys?: string;
  readonly with?: readonly Extra[];
  readonly ssh?: string;
  readonly faults?: true;
  readonly asRelease?: Partial<Product>;
}

export function buildCommand(): Command {
  return new Command("build")
    .description("build what is bootable, and print where it is")
    .addArgument(new Argument("[output...]", "what to build").choices([...TARGETS, "all"]).default(["disk"]))
    .addOption(profileOption())
    .option("--plan", "print what would be made, and make nothing", false)
    .option("--images <archives>", "OCI or docker archives to bake in, a.tar,b.tar", splitPaths)
    .option("--manifests <folder>", "Kubernetes manifests to bake in")
    .option("--config <file>", "the node's configuration, to bake in as the default")
    .option("--update-keys <file>", "keys.json of `keys create`: whose updates the image takes; else none")
    .option("--with <drivers>", "drivers that only few need, nfs,xfs: see below", parseExtras)
    .option("--ssh <key>", "for development: an image that people log in to as root, with this KEY.pub")
    .option("--faults", "for tests: an image that can be made to fail, as `kubesolo-os faults` lists")
    .option(
      "--as-release <version:number>",
      "another release than package.json's: version and sequence",
      parseRelease,
    )
    .addHelpText("after", `\n${outputList()}`)
    .action(
      async (
        names: (Target | "all")[],
        { profile, plan: isPlanOnly, with: extras, asRelease, ...baked }: Options,
      ) => {
        const targets = names.flatMap((name) => (name === "all" ? OUTPUT_NAMES : [name]));
        const plan = makePlan(targets, profile, {
          baked: bakedFiles(baked),
          ...(extras !== undefined && { extras }),
          ...(asRelease !== undefined && { asRelease }),
        });
        if (isPlanOnly) console.log(describePlan(plan));
        else console.log((await build(plan)).files.join("\n"));
      },
    );
}

function bakedFiles({
  images,
  manifests,
  config,
  updateKeys,
  ssh,
  faults,
}: Pick<Options, "images" | "manifests" | "config" | "updateKeys" | "ssh" | "faults">): BakedFiles {
  return {
    images: images ?? [],
    manifests: manifests === undefined ? [] : listManifests(manifests),
    ...(config !== undefined && { config }),
    ...(updateKeys !== undefined && { updateKeys }),
    ...(ssh !== undefined && { ssh }),
    ...(faults && { faults }),
  };
}

/** "1.2.3:4" */
function parseRelease(text: string): Partial<Product> {
  const [version = "", sequence = "", ...more] = text.split(":");
  if (!isVersion(version) || !/^[1-9]\d{0,8}$/.test(sequence) || more.length > 0)
    throw new InvalidArgumentError('a version and a whole number, such as "1.2.3:4".');
  return { version, sequence: Number(sequence) };
}

function parseExtras(text: string): Extra[] {
  const extras = splitPaths(text);
  const unknown = extras.filter((name) => !isExtra(name));
  if (unknown.length > 0 || extras.length === 0)
    throw new InvalidArgumentError(`any of ${EXTRAS.join(", ")}, with commas between them.`);
  return extras.filter(isExtra);
}

function isExtra(name: string): name is Extra {
  return (EXTRAS as readonly string[]).includes(name);
}

function splitPaths(text: string): string[] {
  return text.split(",").filter((path) => path !== "");
}

function outputList(): string {
  const rows = OUTPUT_NAMES.map((name) => `  ${name.padEnd(10)} ${outputs[name].what}`);
  return [
    "Outputs:",
    ...rows,
    "  all        all of these",
    "Parts of them: rootfs, initramfs",
    "",
    `Drivers for --with: ${EXTRAS.join(", ")}; docs/kernel.md has what each is for`,
  ].join("\n");
}
