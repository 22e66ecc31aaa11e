// Reads a QR code off a text screen, as a phone's camera reads it off a picture of one.
import decodeQR from "qr/decode.js";

/** Pixels of a module's edge. */
const SCALE = 4;

/** The code's text; throws when no code can be read. Whatever else is on the screen is dark, as it is there. */
export function decodeScreen(screen: string): string {
  const rows = screen
    .trimEnd()
    .split("\n")
    .map((line) => [...line]);
  const width = Math.max(...rows.map((row) => row.length)) * SCALE;
  const height = rows.length * 2 * SCALE;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const letter = rows[Math.floor(y / (2 * SCALE))]?.[Math.floor(x / SCALE)] ?? " ";
      const isUpper = y % (2 * SCALE) < SCALE;
      const isLight = letter === "█" || letter === (isUpper ? "▀" : "▄");
      data.fill(isLight ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQR({ width, height, data });
}
