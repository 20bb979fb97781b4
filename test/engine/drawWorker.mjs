// The module of drawing threads from its source.
import { register } from 'tsx/esm/api';

register();
await import('../../src/engine/sampling/threads/drawWorker.ts');
