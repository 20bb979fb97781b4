// The worker of drawing threads, run from source.
import { register } from 'tsx/esm/api';

register();
await import('../../src/engine/process/worker.ts');
