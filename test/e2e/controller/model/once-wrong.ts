/** Orders that once ended in a violation, cut down to what it takes: what it was, the seed, the steps. */
export const ONCE_WRONG: readonly (readonly [string, number, readonly string[]])[] = [
  ['a Service edited by hand is not repaired under a spec that nobody serves, and Ready', 10, ['a format that nobody serves', 'all settles', 'a Service is edited by hand', 'all settles']],
  ['a route deleted by hand is not repaired under a spec that nobody serves, and Ready', 6, ['a format that nobody serves', 'all settles', 'a child is deleted by hand', 'all settles']],
  ['a Service edited by hand is not repaired while the mode changes, and Ready', 21, ['a new version that fails', 'serverless mode', 'all settles', 'a Service is edited by hand', 'all settles']],
];
