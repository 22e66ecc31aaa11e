// Reads a QR code off a screen, as a phone's camera does: off a text, or off a picture of it.
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

/** The same of a picture, a binary PPM (P6) as QEMU makes it; throws when no code can be read. */
export function decodePicture(ppm: Uint8Array): string {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(ppm.subarray(0, 64)).toString("latin1"));
  if (head === null) throw new Error("no binary PPM");
  const [width, height] = [Number(head[1]), Number(head[2])];
  const colours = ppm.subarray(head[0].length);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++)
    data.set(colours.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return decodeQR({ width, height, data });
}
