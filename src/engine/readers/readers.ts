import type { Format } from '../../core/table/sampleName.ts';
import { arrow } from './arrow.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';
import { parquet } from './parquet.ts';
import type { Reader } from './reader.ts';
import { tsv } from './tsv.ts';

/** The reader of every format. */
export const readers: Readonly<Record<Format, Reader>> = { parquet, arrow, csv, tsv, jsonl };
