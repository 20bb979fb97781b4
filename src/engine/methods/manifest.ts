import { incompleteExtract, manifestFolder } from '../../core/spark/extract/extractFormat.ts';
import { recordsIn } from '../files/sparkFolder.ts';
import type { Method } from './method.ts';

export const manifest: Method<'manifest'> = async (_datasets, { folder, named }) => ({
  records: await recordsIn(folder, manifestFolder, named, incompleteExtract),
});
