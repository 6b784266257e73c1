/** Whether two statuses say the same. When a condition last changed is not part of what it says. Pure. */
export function sameStatus(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? {}, (key, v: unknown) => {
    if (key === 'lastTransitionTime') {
      return undefined;
    }
    if (typeof v !== 'object' || v === null || Array.isArray(v)) {
      return v;
    }
    return Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}
