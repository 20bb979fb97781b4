import { workerData } from 'node:worker_threads';
import { startDrawing, type WorkerStart } from '../draw/threads/drawWorker.ts';
import { startProbe, type ProbeStart } from '../trial/probeWorker.ts';

// A thread of the engine: draws rows, or trains probe models.
const start = workerData as WorkerStart | ProbeStart;
if ('probeCancel' in start) startProbe(start);
else startDrawing(start);
