/** Puts PNG files of one size together to one animated PNG. Knows the file format, no pictures. */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Frame {
  png: Buffer;
  /** How long it stays, in ms. */
  ms: number;
}

interface Chunk {
  type: string;
  data: Buffer;
}

export function animated(frames: readonly Frame[]): Buffer {
  const first = frames[0];
  if (!first) throw new Error("An animation has at least one frame.");
  const header = chunksOf(first.png).find((chunk) => chunk.type === "IHDR");
  if (!header) throw new Error("This is no PNG file.");
  const parts = [SIGNATURE, chunk("IHDR", header.data), chunk("acTL", numbers(frames.length, 0))];
  let sequence = 0;
  frames.forEach((frame, index) => {
    parts.push(chunk("fcTL", control(sequence++, header.data, frame.ms)));
    for (const { data } of chunksOf(frame.png).filter((one) => one.type === "IDAT")) {
      parts.push(index === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([numbers(sequence++), data])));
    }
  });
  parts.push(chunk("IEND", Buffer.alloc(0)));
  return Buffer.concat(parts);
}

/** The whole picture is replaced, after `ms`. */
function control(sequence: number, header: Buffer, ms: number): Buffer {
  const size = header.subarray(0, 8);
  const timing = Buffer.alloc(6);
  timing.writeUInt16BE(ms, 0);
  timing.writeUInt16BE(1000, 2);
  return Buffer.concat([numbers(sequence), size, numbers(0, 0), timing]);
}

function chunksOf(png: Buffer): Chunk[] {
  const found: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([numbers(data.length), body, numbers(checksum(body))]);
}

function numbers(...values: number[]): Buffer {
  const data = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) data.writeUInt32BE(value, index * 4);
  return data;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as PNG wants it. */
function checksum(data: Buffer): number {
  let value = 0xffffffff;
  for (const byte of data) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
