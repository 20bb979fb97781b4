/** Quantile of the standard normal distribution for a two-sided 95 % interval. */
export const Z95 = 1.959963984540054;

/** Quantile of the standard normal distribution for a one-sided 99 % bound. */
export const Z99 = 2.3263478740408408;
