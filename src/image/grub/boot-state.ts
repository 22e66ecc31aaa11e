// GRUB's part of the state of the boot, written from the table of src/release/boot-moves.ts. Pure. GRUB's script knows no
// arithmetic and no local variables.
import { bootMoves, type Choice, type Situation } from "../../release/boot-moves.ts";
import {
  MAX_TRIES,
  type Reason,
  reasons,
  stateFiles,
  type Variable,
  variables,
} from "../../release/boot-state.ts";

/** Names are read by an allow-list, and forgotten before: a variable keeps its value otherwise. */
const NAMES = variables.join(" ");

/** Variables of the newest copy are kept as `now_NAME`. */
const kept = (name: Variable): string => `now_${name}`;

/**
 * Functions of grub.cfg. `choose_slot` reads both copies below `$state_folder`, asks `slot_verifies A|B`, which must be there,
 * writes what is to be written, and leaves `chosen` (A, B or empty: rescue) and `why`.
 */
export function bootStateFunctions(): string {
  return `function read_copy {
${variables.map((name) => `  set ${name}=`).join("\n")}
  if load_env --file "$1" ${NAMES}; then true; else return 1; fi
  if regexp '^[0-9]{1,9}$' "$generation"; then true; else return 1; fi
  if regexp '^[0-9]{1,9}$' "$floor"; then true; else return 1; fi
  if [ "$generation" != "$generation_end" ]; then return 1; fi
  if [ "$active_slot" != A -a "$active_slot" != B ]; then return 1; fi
  if [ ${reasons.map((reason) => `"$reason" != ${reason}`).join(" -a ")} ]; then return 1; fi
  set progress=
  if [ "$update_pending$boot_success" = 10 ]; then
${trialLines()}
  elif [ "$update_pending$boot_success$boot_counter" = 01${MAX_TRIES} ]; then
    set progress=${MAX_TRIES + 1}
    set situation=confirmed
  fi
  if [ -z "$progress" ]; then return 1; fi
  return 0
}

# The newest copy's values get names of their own, and the older copy is the one to write.
function keep_copy {
  if [ -n "$now_generation" ]; then
    if [ "$generation" -lt "$now_generation" ]; then return 0; fi
    if [ "$generation" -eq "$now_generation" -a "$progress" -le "$now_progress" ]; then return 0; fi
  fi
  set current_file="$1"
  set older_file="$2"
  set now_progress="$progress"
  set now_situation="$situation"
${variables.map((name) => `  set ${kept(name)}="$${name}"`).join("\n")}
  if [ "$now_active_slot" = A ]; then set now_other_slot=B; else set now_other_slot=A; fi
  return 0
}

function write_state {
  if save_env --file "$older_file" ${NAMES}; then return 0; fi
  if save_env --file "$current_file" ${NAMES}; then return 0; fi
  return 1
}

function restore_values {
${variables.map((name) => `  set ${name}="$${kept(name)}"`).join("\n")}
  return 0
}

function choose_slot {
  set chosen=
  set why=
  set now_generation=
  set now_situation=lost
  set first="$state_folder/${stateFiles[0]}"
  set second="$state_folder/${stateFiles[1]}"
  if read_copy "$first"; then keep_copy "$first" "$second"; fi
  if read_copy "$second"; then keep_copy "$second" "$first"; fi
${Object.entries(bootMoves)
  .map(([situation, choices]) => situationLines(situation as Situation, choices))
  .join("\n")}
  return 0
}
`;
}

function trialLines(): string {
  return Array.from({ length: MAX_TRIES + 1 }, (_, tries) => {
    const situation: Situation = tries === 0 ? "exhausted" : "trial";
    const found = `set progress=${MAX_TRIES - tries}; set situation=${situation}`;
    return `    if [ "$boot_counter" = ${tries} ]; then ${found}; fi`;
  }).join("\n");
}

function situationLines(situation: Situation, choices: readonly Choice[]): string {
  return `  if [ "$now_situation" = ${situation} ]; then\n${choices.map(choiceLines).join("\n")}\n  fi`;
}

function choiceLines({ slot, writes, reason }: Choice): string {
  const name = slot === "active" ? "$now_active_slot" : slot === "other" ? "$now_other_slot" : slot;
  const take = [`set chosen="${name}"`, `set why=${reason ?? ""}`, "return 0"];
  const lines = writes === undefined ? take : writeLines(writes, name, take, reason);
  return [`    if slot_verifies "${name}"; then`, ...lines.map((line) => `      ${line}`), "    fi"].join(
    "\n",
  );
}

function writeLines(writes: "try" | "settled", slot: string, take: string[], reason?: Reason): string[] {
  const change =
    writes === "try"
      ? Array.from(
          { length: MAX_TRIES },
          (_, less) => `if [ "$now_boot_counter" = ${less + 1} ]; then set boot_counter=${less}; fi`,
        )
      : [
          `set active_slot="${slot}"`,
          `set boot_counter=${MAX_TRIES}`,
          "set boot_success=1",
          "set update_pending=0",
          ...(reason === undefined ? [] : [`set reason=${reason}`]),
        ];
  return ["restore_values", ...change, `if write_state; then ${take.join("; ")}; fi`];
}
