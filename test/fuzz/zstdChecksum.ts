const mask = (1n << 64n) - 1n;
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const turned = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask;
const round = (sum: bigint, lane: bigint): bigint => (turned((sum + lane * p2) & mask, 31n) * p1) & mask;

/** XXH64 with seed 0, which Zstandard uses for the content of a frame. */
export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    let lanes = [(p1 + p2) & mask, p2, 0n, (mask + 1n - p1) & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      const from = at;
      lanes = lanes.map((lane, k) => round(lane, view.getBigUint64(from + 8 * k, true)));
    }
    hash = lanes.reduce((sum, lane, k) => sum + turned(lane, [1n, 7n, 12n, 18n][k] ?? 0n), 0n) & mask;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * p1 + p4) & mask;
  } else {
    hash = p5;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8)
    hash = (turned(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask;
  if (at + 4 <= bytes.length) {
    hash = (turned(hash ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = (turned(hash ^ ((BigInt(bytes[at] ?? 0) * p5) & mask), 11n) * p1) & mask;
  hash = ((hash ^ (hash >> 33n)) * p2) & mask;
  hash = ((hash ^ (hash >> 29n)) * p3) & mask;
  return hash ^ (hash >> 32n);
}

/** A Zstandard frame of raw blocks with a content checksum; Node 20 cannot write one. */
export function withChecksum(content: Uint8Array): Uint8Array {
  const largest = 1024;
  const blocks: Buffer[] = [];
  for (let at = 0; at < content.length; at += largest) {
    const piece = content.subarray(at, at + largest);
    const header = Buffer.alloc(3);
    header.writeUIntLE((piece.length << 3) | (at + largest >= content.length ? 1 : 0), 0, 3);
    blocks.push(header, Buffer.from(piece));
  }
  // Magic; checksum, single segment and four bytes of size; the size.
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b1010_0100, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(Number(xxh64(content) & 0xffffffffn), 0);
  return Buffer.concat([head, ...blocks, sum]);
}
