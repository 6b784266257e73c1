/**
 * Whether version `a` is from before version `b`. Kubernetes promises since 1.35 what etcd always did: resource
 * versions of one resource are decimal numbers that grow. Where one is something else the answer is no.
 */
export function isOlder(a: string | undefined, b: string | undefined): boolean {
  if (!isDecimal(a) || !isDecimal(b)) {
    return false;
  }
  // Longer decimal numbers without leading zeros are larger; no BigInt needed for numbers beyond 2^53.
  return a.length === b.length ? a < b : a.length < b.length;
}

function isDecimal(version: string | undefined): version is string {
  return version !== undefined && /^(0|[1-9][0-9]*)$/.test(version);
}
