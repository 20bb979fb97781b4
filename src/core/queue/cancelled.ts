import { cancelledFailure, FailureError } from '../message/failure.ts';

/** The error of work whose signal was aborted. */
export const cancelled = (): FailureError => new FailureError(cancelledFailure);
