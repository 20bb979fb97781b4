/** Largest config, in bytes of a file and in characters of a text. A library parses this much in about a second, in which nothing else runs. */
export const MAX_CONFIG_SIZE = 4 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;
/** The same in MB, as messages say it. */
export const MAX_CONFIG_MEGABYTES = MAX_CONFIG_SIZE / MEGABYTE;
