/** A table of FlatBuffers by the numbers of its fields. `Buffer`: bytes of the table itself. */
export type FlatNode = Readonly<Record<number, Buffer | Reference>>;

/** Another table, a list that holds one table `times`, or a vector of `count` structs. */
type Reference =
  | { readonly table: FlatNode }
  | { readonly list: FlatNode; readonly times: number }
  | { readonly structs: Buffer; readonly count: number };

/** Writes a table as the root of a buffer, so that tests can make metadata that no writer makes. */
export function flatBuffer(root: FlatNode): Buffer {
  const { bytes, at } = written(root);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(at + 4);
  return Buffer.concat([head, bytes]);
}

/** The vtable, the table with one word for each reference, and what it refers to. `at`: of the table. */
function written(node: FlatNode): { readonly bytes: Buffer; readonly at: number } {
  const fields = Object.entries(node).map(([slot, value]) => ({ slot: Number(slot), value }));
  const slots = Math.max(-1, ...fields.map(({ slot }) => slot)) + 1;
  const vtable = Buffer.alloc(4 + 2 * slots);
  const inline: Buffer[] = [Buffer.alloc(4)];
  const references: { readonly at: number; readonly target: { readonly bytes: Buffer; readonly at: number } }[] = [];
  let length = 4;
  for (const { slot, value } of fields) {
    vtable.writeUInt16LE(length, 4 + 2 * slot);
    const own = Buffer.isBuffer(value) ? value : Buffer.alloc(4);
    if (!Buffer.isBuffer(value)) references.push({ at: length, target: targetOf(value) });
    inline.push(own);
    length += own.length;
  }
  vtable.writeUInt16LE(vtable.length, 0);
  vtable.writeUInt16LE(length, 2);
  const table = Buffer.concat(inline);
  table.writeInt32LE(vtable.length, 0);
  const after: Buffer[] = [];
  let end = length;
  for (const { at, target } of references) {
    table.writeUInt32LE(end + target.at - at, at);
    after.push(target.bytes);
    end += target.bytes.length;
  }
  return { bytes: Buffer.concat([vtable, table, ...after]), at: vtable.length };
}

function targetOf(value: Reference): { readonly bytes: Buffer; readonly at: number } {
  if ('table' in value) return written(value.table);
  if ('list' in value) return list(value.list, value.times);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(value.count);
  return { bytes: Buffer.concat([count, value.structs]), at: 0 };
}

/** A list whose entries all lead to the same table. */
function list(node: FlatNode, times: number): { readonly bytes: Buffer; readonly at: number } {
  const target = written(node);
  const head = Buffer.alloc(4 + 4 * times);
  head.writeUInt32LE(times, 0);
  for (let k = 0; k < times; k++) head.writeUInt32LE(head.length + target.at - (4 + 4 * k), 4 + 4 * k);
  return { bytes: Buffer.concat([head, target.bytes]), at: 0 };
}
