/** More columns than this no request can carry. */
export const MAX_FEATURES = 2 ** 24;

/** Classes, targets or quantiles a row is answered with: a bound on what one small request can make the server allocate. */
export const MAX_OUTPUTS = 2 ** 14;
