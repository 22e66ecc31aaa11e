// A text as a QR code of letters: two modules above each other are one letter. Pure.
import encodeQR from "qr";

/** Light modules around it: two are enough for what reads it off a screen, and four leave too little room for the text. */
const BORDER = 2;

/** Light is drawn and dark isn't, as terminals are; neither colours nor a graphical screen are needed. */
export function drawCode(text: string, encodeUtf8: (text: string) => Uint8Array): string[] {
  const dark = encodeQR(text, "raw", { ecc: "low", border: BORDER, textEncoder: encodeUtf8 });
  return Array.from({ length: Math.ceil(dark.length / 2) }, (_, row) => {
    const below = dark[2 * row + 1];
    return (dark[2 * row] ?? []).map((isDark, column) => letter(!isDark, below?.[column] === false)).join("");
  });
}

function letter(isUpperLight: boolean, isLowerLight: boolean): string {
  if (isUpperLight) return isLowerLight ? "█" : "▀";
  return isLowerLight ? "▄" : " ";
}
