// Which value a plain word of YAML 1.1 is, exactly as PyYAML's safe_load has it, since that is what cloud-init reads
// with. It differs from the specification (y and n are text, 1e3 is text) and from YAML 1.2 (yes, 0644, 1:30). Pure.
import type { Scalar } from "../located.ts";

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A date stays the text that it was written as: nothing here is a date. */
export function plainScalar(source: string): Scalar {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (INTEGER.test(source)) return integer(source) ?? source;
  if (FLOAT.test(source)) return float(source);
  return source;
}

/** undefined when an explicit tag (!!int) doesn't fit what it stands before. */
export function taggedScalar(tag: string, source: string): Scalar | undefined {
  switch (tag) {
    case "tag:yaml.org,2002:str":
    case "tag:yaml.org,2002:timestamp":
      return source;
    case "!":
      return plainScalar(source);
    case "tag:yaml.org,2002:null":
      return null;
    case "tag:yaml.org,2002:bool":
      return TRUE.test(source) || (FALSE.test(source) ? false : undefined);
    case "tag:yaml.org,2002:int":
      return INTEGER.test(source) ? integer(source) : undefined;
    case "tag:yaml.org,2002:float":
      return FLOAT.test(source) || INTEGER.test(source) ? float(source) : undefined;
    default:
      return undefined;
  }
}

/** undefined for what has a prefix and no digits (0x_), at which PyYAML fails. */
function integer(source: string): number | undefined {
  const number = signedInteger(source);
  return Number.isNaN(number) ? undefined : number;
}

function signedInteger(source: string): number {
  const { sign, digits } = parts(source);
  if (digits === "0") return 0;
  if (digits.startsWith("0b")) return sign * Number.parseInt(digits.slice(2), 2);
  if (digits.startsWith("0x")) return sign * Number.parseInt(digits.slice(2), 16);
  if (digits.startsWith("0")) return sign * Number.parseInt(digits, 8);
  if (digits.includes(":")) return sign * sexagesimal(digits);
  return sign * Number(digits);
}

function float(source: string): number {
  const { sign, digits } = parts(source.toLowerCase());
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (digits === ".nan") return Number.NaN;
  if (digits.includes(":")) return sign * sexagesimal(digits);
  return sign * Number(digits);
}

function parts(source: string): { sign: 1 | -1; digits: string } {
  const digits = source.replace(/_/g, "");
  return { sign: digits.startsWith("-") ? -1 : 1, digits: digits.replace(/^[-+]/, "") };
}

/** 1:30 is ninety. */
function sexagesimal(digits: string): number {
  return digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
