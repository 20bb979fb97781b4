export function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** `50 41 52 31` */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
}
