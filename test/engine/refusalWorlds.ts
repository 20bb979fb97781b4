import type { Refusal } from '../../src/core/message/refusal.ts';
import { refusedColumns } from './refusedColumns.ts';
import { refusedPlans } from './refusedPlans.ts';
import { refusedRows } from './refusedRows.ts';
import type { RefusedWorld } from './refusedWorld.ts';

/** Every refusal, and a world that provokes it. A new refusal without a world does not compile. */
export const worlds: Readonly<Record<Refusal, RefusedWorld>> = { ...refusedPlans, ...refusedColumns, ...refusedRows };
