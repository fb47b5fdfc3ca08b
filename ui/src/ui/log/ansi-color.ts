/** The nearest of our inks to a terminal's colour: eight hues that are readable in both themes. Pure. */

export type InkColor = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "grey" | "ink";

const BASE: readonly InkColor[] = ["grey", "red", "green", "yellow", "blue", "magenta", "cyan", "ink"];
const CUBE = [0, 95, 135, 175, 215, 255];

/** A colour of the table of 256: 16 named ones, a cube of 216, 24 greys. */
export function inkOf256(index: number): InkColor {
  if (index < 16) return BASE[index % 8] ?? "ink";
  if (index >= 232) return index < 244 ? "grey" : "ink";
  const at = index - 16;
  return inkOfRgb(CUBE[Math.floor(at / 36)] ?? 0, CUBE[Math.floor(at / 6) % 6] ?? 0, CUBE[at % 6] ?? 0);
}

export function inkOfRgb(red: number, green: number, blue: number): InkColor {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const spread = most - least;
  if (spread < 40) return most < 128 ? "grey" : "ink";
  let hue = 0;
  if (most === red) hue = ((green - blue) / spread + 6) % 6;
  else if (most === green) hue = (blue - red) / spread + 2;
  else hue = (red - green) / spread + 4;
  const degrees = hue * 60;
  if (degrees < 22 || degrees >= 340) return "red";
  if (degrees < 75) return "yellow";
  if (degrees < 165) return "green";
  if (degrees < 200) return "cyan";
  if (degrees < 260) return "blue";
  return "magenta";
}
