export const MAX_CONFIG_MEGABYTES = 4;
/** Largest accepted config, in bytes or characters. The library parses it in one step, which blocks everything else. */
export const MAX_CONFIG_SIZE = MAX_CONFIG_MEGABYTES * 1024 * 1024;
