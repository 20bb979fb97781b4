/** Threads of the engine that the tests of a file share. */
export const engineThreads = { count: 1 };
