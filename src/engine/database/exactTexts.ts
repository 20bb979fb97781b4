import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js';

const exact = new TextDecoder('utf-8', { ignoreBOM: true });

/** Imported for its effect: without it, the library drops a U+FEFF at the beginning of every text that it returns. */
Object.assign(textDecoder as object, { decode: exact.decode.bind(exact) });
