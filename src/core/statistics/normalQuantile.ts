/** Quantile of the standard normal distribution for the ends of a two-sided interval of 95 %. */
export const Z95 = 1.959963984540054;

/** Quantile for a one-sided bound of 99 %. */
export const Z99 = 2.3263478740408408;
