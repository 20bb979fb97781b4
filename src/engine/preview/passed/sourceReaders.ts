import { isFeatureTable, type PassedSide, type PassedTable } from '../../../core/config/definition/passThrough.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import { featureReader } from './featureRows.ts';
import { asOf, ofCandidate, ofItem, ofLog, ofUser, type SourceReader } from './sourceRows.ts';

/** How the rows of a side are found. */
export function sourceReader(from: PassedTable, side: PassedSide, { data }: Pick<SampledTables, 'data'>): SourceReader {
  if (isFeatureTable(from)) return featureReader(data.features?.find(({ name }) => name === from));
  switch (from) {
    case 'items':
      return ofItem;
    case 'users':
      return ofUser;
    case 'candidates':
      return ofCandidate;
    case 'impressions':
      return side === 'item' ? asOf : ofLog;
  }
}
