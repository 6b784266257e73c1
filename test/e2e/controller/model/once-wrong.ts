/** Orders that once ended in a violation, cut down to what it takes: what it was, the seed, the steps. */
export const ONCE_WRONG: readonly (readonly [string, number, readonly string[]])[] = [
  ['a Service edited by hand is not repaired under a spec that nobody serves, and Ready', 10, ['a format that nobody serves', 'all settles', 'a Service is edited by hand', 'all settles']],
  ['a route deleted by hand is not repaired under a spec that nobody serves, and Ready', 6, ['a format that nobody serves', 'all settles', 'a child is deleted by hand', 'all settles']],
  ['a Service edited by hand is not repaired while the mode changes, and Ready', 21, ['a new version that fails', 'serverless mode', 'all settles', 'a Service is edited by hand', 'all settles']],
  ['a transformer that fails takes the address of a serverless service', 1, ['serverless mode', 'all settles', 'a transformer that fails', 'all settles']],
  ['a serverless transformer goes before callers are told the predictor\'s address', 2, ['serverless mode', 'a transformer', 'all settles', 'no transformer', 'all settles']],
  ['a revision that answers goes with the mode when the latest one fails', 3, ['serverless mode', 'all settles', 'a new version that fails', 'all settles', 'raw mode', 'time passes', 'all settles']],
];
