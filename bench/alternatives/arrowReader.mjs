// What `apache-arrow` answers to damaged Arrow files: one byte in three of a small file is changed.
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { tableFromIPC } from 'apache-arrow';

const file = new URL('../../test/fixtures/arrow/plain.arrow', import.meta.url);
/** Milliseconds after which a mutant counts as a hang. The file itself takes a few. */
const LIMIT = 2000;

const rowsOf = (bytes) =>
  JSON.stringify(
    tableFromIPC(bytes)
      .toArray()
      .map((row) => row.toJSON()),
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );

function answer(bytes, at, expected) {
  const copy = Buffer.from(bytes);
  copy[at] ^= at % 2 === 0 ? 0xff : 0x01 << (at % 8);
  try {
    return rowsOf(copy) === expected ? 'equal rows' : 'other rows';
  } catch {
    return 'error';
  }
}

if (isMainThread) {
  const counts = {};
  const { length } = readFileSync(file);
  for (let at = 0; at < length;) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: at,
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    });
    at = await new Promise((resolve) => {
      let [next, timer] = [at, null];
      const finish = (kind) => {
        clearTimeout(timer);
        if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1;
        void worker.terminate().then(() => resolve(kind === null ? length : next + 3));
      };
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => finish('hang'), LIMIT);
      };
      worker.on('message', ([place, kind]) => {
        counts[kind] = (counts[kind] ?? 0) + 1;
        next = place + 3;
        if (next >= length) finish(null);
        else wait();
      });
      worker.on('error', () => finish('crash'));
      wait();
    });
  }
  console.log(counts);
} else {
  const bytes = readFileSync(file);
  const expected = rowsOf(bytes);
  for (let at = workerData; at < bytes.length; at += 3) parentPort.postMessage([at, answer(bytes, at, expected)]);
}
