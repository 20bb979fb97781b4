/** The first import of a file whose tests need an engine with two threads. */
import { engineThreads } from './engineThreads.ts';

engineThreads.count = 2;
