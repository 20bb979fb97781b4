import { succeed } from '../fixtures/succeed.ts';

/** Paths of Python and its packages, from scripts/training.mjs. */
const given = process.env['RECSAMPLE_TRAINING'] ?? '';
/** Why the programs cannot run here; false if they can. */
export const skip =
  given === ''
    ? 'PyTorch, TensorFlow, RecBole and torch-rechub are not installed; node scripts/training.mjs does it'
    : false;

/** Runs a program in Python with these packages, on the processor and one thread. */
export async function runPython(file: string, directory: string, args: readonly string[] = []): Promise<void> {
  const { python, env } = JSON.parse(given) as {
    readonly python: string;
    readonly env: Readonly<Record<string, string>>;
  };
  await succeed(python, ['-W', 'ignore', file, ...args], {
    cwd: directory,
    env: {
      ...env,
      // Hides graphics cards.
      CUDA_VISIBLE_DEVICES: '',
      TF_CPP_MIN_LOG_LEVEL: '3',
      OMP_NUM_THREADS: '1',
      // Images of Python often set it. Each process would compile thousands of modules again.
      PYTHONDONTWRITEBYTECODE: '',
    },
  });
}
