import { CsvReader } from '../text/csvReader.ts';
import { textReader } from './text.ts';

export const tsv = textReader((tally) => new CsvReader(['\t'], tally));
