import {
  Dictionary,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Int32,
  Int64,
  List,
  makeData,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import { base64, type Case } from '../case.ts';
import type { Dice } from '../dice.ts';
import type { Target } from '../target.ts';
import { writeParquet } from '../writeParquet.ts';

/** The most bytes of a buffer of a mutant; counts without buffers have no limit. */
const mostBuffer = 500_000;
/** The most values of the writer. */
const most = 2 ** 31 - 1;

/** Rows without buffers: nulls, empty structs, lists and texts of width 0. */
function emptyRows(dice: Dice, length: number): Data {
  switch (dice.below(4)) {
    case 0:
      return makeData({ type: new Null(), length });
    case 1:
      return makeData({ type: new Struct([]), length, nullCount: 0, children: [] });
    case 2:
      return makeData({ type: new FixedSizeBinary(0), length, nullCount: 0, data: new Uint8Array() });
    default:
      return makeData({
        type: new FixedSizeList(0, new Field('item', new Int32(), true)),
        length,
        nullCount: 0,
        child: makeData({ type: new Int32(), length: 0, data: new Int32Array() }),
      });
  }
}

/** Few large texts and many indices: each row is as large as a text. */
function wideRows(dice: Dice, length: number): Data {
  const values = vectorFromArray(['x'.repeat(dice.pick([1, 1000, 100_000])), 'y'], new Utf8());
  const type = new Dictionary(new Utf8(), new Int32());
  return makeData({ type, length, nullCount: 0, data: new Int32Array(length), dictionary: values });
}

/** Lists of lists of anything, wider with each level. A child may have fewer rows than asked for. */
function listRows(dice: Dice, length: number, depth: number): Data {
  const width = dice.pick([1, 100, 10_000, 1_000_000, most]);
  const field = (child: Data): Field => new Field('item', child.type, true);
  if (dice.chance(0.5)) {
    const lists = Math.min(length, Math.floor(most / width));
    const child = anyRows(dice, lists * width, depth - 1);
    const full = Math.floor(child.length / width);
    return makeData({ type: new FixedSizeList(width, field(child)), length: full, nullCount: 0, child });
  }
  const few = Math.min(length, 1000);
  const child = anyRows(dice, Math.min(few * width, most), depth - 1);
  const valueOffsets = Int32Array.from({ length: few + 1 }, (_, k) => Math.min(k * width, child.length));
  return makeData({ type: new List(field(child)), length: few, nullCount: 0, valueOffsets, child });
}

function anyRows(dice: Dice, length: number, depth: number): Data {
  const fits = length * 8 <= mostBuffer;
  const kind = dice.below(5);
  if (depth > 0 && kind < 2) return listRows(dice, length, depth);
  if (depth > 0 && kind === 2) {
    const child = anyRows(dice, length, depth - 1);
    const fields = [new Field('a', child.type, true)];
    return makeData({ type: new Struct(fields), length: child.length, nullCount: 0, children: [child] });
  }
  if (!fits || kind === 3) return emptyRows(dice, length);
  return dice.chance(0.7)
    ? wideRows(dice, length)
    : makeData({ type: new Int64(), length, nullCount: 0, data: new BigInt64Array(length) });
}

function arrow(dice: Dice, rounds: number): Uint8Array {
  const length = dice.pick([3, 1000, 50_000, 1_000_000, 100_000_000, most]);
  const columns = Array.from({ length: Math.min(rounds, 2) }, () => anyRows(dice, length, 2));
  const rows = Math.min(...columns.map((column) => column.length));
  const schema = new Schema(columns.map(({ type }, k) => new Field(`c${k}`, type, true)));
  const children = columns.map((column) => column.slice(0, rows));
  const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children });
  return tableToIPC(new Table([new RecordBatch(schema, data)]), dice.chance(0.7) ? 'file' : 'stream');
}

/** The file with a footer whose schema claims to have more elements than its bytes hold. */
function claiming(file: Uint8Array, elements: number): Uint8Array {
  const bytes = Buffer.from(file);
  const end = bytes.length - 8;
  const footer = bytes.subarray(end - bytes.readUInt32LE(end), end);
  // Two bytes of the version, one of the field, and one of the list: its type, and its length if that is below 15.
  const count: number[] = [];
  for (let left = elements; left > 0; left = Math.floor(left / 128)) count.push((left % 128) | (left > 127 ? 128 : 0));
  const claim = Buffer.concat([footer.subarray(0, 3), Buffer.from([0xfc, ...count]), footer.subarray(4)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(claim.length);
  return Buffer.concat([bytes.subarray(0, end - footer.length), claim, length, bytes.subarray(-4)]);
}

function parquet(dice: Dice, rounds: number): Uint8Array {
  const rows = dice.pick([1, 1000, 1_000_000, 100_000_000]);
  const file = writeParquet(
    rows,
    Array.from({ length: Math.min(rounds, 2) }, (_, k) => ({
      name: `c${k}`,
      kind: 'text' as const,
      repeated: 'x'.repeat(dice.pick([0, 1, 1000, 100_000])),
      times: rows > 1000 || dice.chance(0.3) ? null : dice.pick([1, 1000, 100_000, 10_000_000]),
    })),
  );
  return dice.chance(0.3) ? claiming(file, dice.pick([100, 100_000, 10_000_000, most])) : file;
}

/** Small files with many or large rows: read, or refused, within the limits of time, memory and temporary files. */
export const bombs: Target = {
  name: 'bombs',
  short: 5,
  mutant(dice, _seeds, rounds): Case {
    const isArrow = dice.chance(0.7);
    const name = isArrow ? 'f.arrow' : 'f.parquet';
    const read = ['inspect', name];
    const args = dice.pick([
      [...read, '--format', 'json'],
      [...read, '--columns', 'c0', '--rows', '1'],
      [...read, '--where', 'c0 is null', '--digest'],
    ]);
    const content = isArrow ? arrow(dice, rounds) : parquet(dice, rounds);
    return { files: { [name]: base64(content) }, steps: [{ kind: 'cli', args }] };
  },
};
