import { CsvReader } from '../text/csvReader.ts';
import { textReader } from './text.ts';

export const csv = textReader((tally) => new CsvReader([',', ';', '\t', '|'], tally));
